import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { inDatabase, openTestDatabase } from '@souk/db/testing';
import type { TestSite } from './a-site.ts';
import { type ApiProcesses, startApiProcesses } from './api-processes.ts';
import { LONG_ATTACKS, rounds } from './attack-rounds.ts';
import type { HttpClient } from './http-client.ts';
import { type SeededRandom, seededRandom } from './seeded-random.ts';

/** How many call at once, spread over the processes. */
export const CALLERS = 50;

/** Seeds that found something once; each is tried again before new ones are. */
const CORPUS = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'corpus', 'seeds.json'), 'utf8')) as Readonly<
  Record<string, readonly number[]>
>;

/** The rounds of an attack: the kept seeds first, then new ones; three in all in `npm test`, twenty in the long form. */
export const roundsOf = (name: string, short = 3): { round: number; random: SeededRandom }[] =>
  Array.from({ length: Math.max(rounds(short, 20), CORPUS[name]?.length ?? 0) }, (_, i) => ({
    round: i + 1,
    random: seededRandom(`${name}, round ${i + 1}`, CORPUS[name]?.[i]),
  }));

/**
 * Two API processes on one database. In the long form every commit also waits 5 ms, as on a slower disk, so that
 * transactions stay open beside one another for longer.
 */
export async function twoProcesses(): Promise<ApiProcesses> {
  if (!LONG_ATTACKS) return startApiProcesses({ poolSize: 4 });
  const db = await openTestDatabase({ poolSize: 4 });
  await inDatabase(db.superuserUrl, async (client) => {
    const { rows } = await client.query<{ name: string }>('select current_database() as name');
    for (const setting of ['commit_delay = 5000', 'commit_siblings = 0'])
      await client.query(`alter database ${rows[0]?.name} set ${setting}`);
  });
  const it = await startApiProcesses({ db, poolSize: 4 });
  return {
    ...it,
    close: async () => {
      await it.close();
      await db.close();
    },
  };
}

/** The process of the n-th caller. */
export function processOf(it: ApiProcesses, n: number): ApiProcesses['processes'][number] {
  const found = it.processes[n % it.processes.length];
  if (!found) throw new Error('there is no process');
  return found;
}

/** In the long form screens of the site are open at every process while it is attacked. Returns how to close them. */
export function openScreens(it: ApiProcesses, site: TestSite, owner: HttpClient): () => void {
  if (!LONG_ATTACKS) return () => undefined;
  const screens = it.processes.flatMap(({ port }) =>
    Array.from({ length: 5 }, () => {
      const call = get(
        {
          port,
          host: '127.0.0.1',
          path: `/s/${site.handle}/live`,
          agent: false,
          setHost: false,
          headers: {
            host: `admin.localhost:${port}`,
            cookie: [...owner.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          },
        },
        (answer) => answer.resume(),
      );
      call.on('error', () => undefined);
      return call;
    }),
  );
  return () => screens.forEach((call) => call.destroy());
}
