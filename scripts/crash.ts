import { parseArgs } from 'node:util';
import { type Victim, crashes } from '@souk/testing/shop-life/crash';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * `npm run crash`: kills API processes and PostgreSQL with SIGKILL under checkout load, `--rounds` times each (20), at moments
 * that `--seed` decides, and says what was lost. Ends with 1 when anything was.
 */
export async function crash(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...words],
    options: { seed: { type: 'string' }, rounds: { type: 'string', default: '20' } },
  });
  const victims = Array.from({ length: Number(values.rounds) }, (): Victim[] => ['api', 'postgres']).flat();
  const figures = await crashes({ victims, seed: values.seed === undefined ? undefined : Number(values.seed), say });
  for (const [victim, times] of Object.entries(figures.servedAfterMs)) {
    const sorted = times.toSorted((a, b) => a - b);
    say(
      `${victim.padEnd(9)} killed ${times.length} times; served again after ${Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)} ms (median), ${Math.round(sorted.at(-1) ?? 0)} ms (at most)`,
    );
  }
  say(
    `orders acknowledged ${figures.ordersTold}, lost ${figures.lost.length}, broken or half done ${figures.broken.length}`,
  );
  for (const line of [...figures.lost, ...figures.broken, ...figures.errors]) say(`  ${line}`);
  return figures.lost.length + figures.broken.length + figures.errors.length > 0 ? 1 : 0;
}
