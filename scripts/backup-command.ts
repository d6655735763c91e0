import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { WrongBackup, backupIdentity, listBackups, makeBackup, proveBackup, pruneBackups } from '@souk/db/backup';
import type { Environment } from '@souk/api/env';
import { Stop, checkout, openInstallation, openServer } from './installation.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Backups are kept as many days as this, when one is taken each day. */
const KEPT = 14;

/** `npm run backup`: takes one while everything goes on, and proves it by restoring it beside. `list` and `identity` look. */
export async function backup([word, ...more]: readonly string[]): Promise<number> {
  const { environment } = openInstallation();
  const folder = environment.backupFolder;
  if (more.length > 0 || (word !== undefined && !['list', 'identity'].includes(word)))
    throw new Stop('npm run backup takes a backup; npm run backup -- list shows those there are.');
  if (word === 'identity') {
    say(backupIdentity(environment.key));
    return 0;
  }
  if (word === 'list') {
    const all = await listBackups(folder);
    for (const { name, provedAt } of all) say(`${name}  ${provedAt ? 'proved by a restore' : 'not proved'}`);
    if (all.length === 0) say(`There are no backups in ${folder}.`);
    return 0;
  }
  const server = await openServer(environment.home);
  try {
    if (!server.ownerUrl) throw new Stop("DATABASE_URL is missing: only the database's owner sees everything.");
    const startedAt = performance.now();
    const { key, home } = environment;
    const { name, manifest } = await makeBackup({ ownerUrl: server.ownerUrl, key, home, folder });
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    say(`Taken     ${rows} rows of ${manifest.tables.length} tables, ${manifest.files.count} files`);
    try {
      await proveBackup({ ownerUrl: server.ownerUrl, key, folder, name });
    } catch (error) {
      if (!(error instanceof WrongBackup))
        say('Not proved: the owner of the database may have to be allowed to make one (CREATEDB).');
      throw error;
    }
    say('Proved    restored into a database beside, every key and invariant holds');
    const gone = await pruneBackups(folder, KEPT);
    if (gone.length > 0) say(`Removed   ${gone.length} old`);
    say(`\n${join(folder, name)}  (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
    say('It opens with SOUK_KEY and with nothing else: keep that key in another place than the backups.');
    return 0;
  } finally {
    await server.stop();
  }
}

const HOUR_MS = 3_600_000;

/**
 * Has a backup taken each day, in a process of its own that gives way to everything else; looks once an hour whether the
 * newest is older than a day. `BACKUPS=off` leaves it to somebody else. @returns what ends it.
 */
export function dailyBackups(environment: Environment): () => void {
  if (!environment.dailyBackups) return () => undefined;
  let child: ChildProcess | undefined;
  const timer = setInterval(() => void look(), HOUR_MS);
  timer.unref();
  async function look(): Promise<void> {
    const [newest] = await listBackups(environment.backupFolder);
    if (child || (newest && Date.now() - newest.takenAt.getTime() < 24 * HOUR_MS - HOUR_MS / 2)) return;
    child = spawn(process.execPath, [join(checkout, 'scripts', 'main.ts'), 'backup'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    child.once('exit', (code) => {
      child = undefined;
      if (code !== 0) process.stderr.write('Today’s backup was not taken, or does not restore. Run: npm run backup\n');
    });
  }
  return () => {
    clearInterval(timer);
    child?.kill('SIGTERM');
  };
}
