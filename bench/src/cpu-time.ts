import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Clock ticks of a process's accounting: 100 a second on every Linux Node runs on. */
const TICK_MS = 10;

/** Processor time of a process so far, in milliseconds; undefined where the system does not tell (anywhere but Linux). */
export function cpuMs(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    // utime and stime, the 14th and 15th field of the whole line.
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return undefined;
  }
}

/** Processor time of PostgreSQL with all its connections that are open now, in milliseconds. */
export function postgresCpuMs(dataFolder: string): number | undefined {
  const postmaster = Number(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const isChild = (pid: string): boolean => {
    try {
      return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]) === postmaster;
    } catch {
      return false;
    }
  };
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isChild(name));
  return [postmaster, ...pids.map(Number)].reduce((sum, pid) => sum + (cpuMs(pid) ?? 0), 0);
}
