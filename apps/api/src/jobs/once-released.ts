import { heldSince } from '@souk/db/identity';
import type { Services } from '../services.ts';

/** Work that goes on by itself: `pause` takes on nothing new, `stop` waits for what is under way. */
export type Work = { pause(): void; stop(): Promise<void> };

const LOOK_EVERY_MS = 2_000;

/**
 * Begins work at once; in an installation that was restored from a backup, only when somebody has looked at it and released
 * it (K09): until then no mail goes out, nothing expires, and nobody is called.
 */
export async function onceReleased(
  { database, log }: Pick<Services, 'database' | 'log'>,
  begin: () => Promise<Work>,
): Promise<Work> {
  const since = await heldSince(database);
  if (!since) return begin();
  log.warn({ since }, 'restored from a backup: mails and jobs wait until npm run restore -- release');
  let begun: Promise<Work> | undefined;
  const look = setInterval(() => {
    void heldSince(database).then(
      (still) => {
        if (still || begun) return;
        clearInterval(look);
        begun = begin();
        begun.catch((err: unknown) => log.error({ err }, 'jobs could not be started after the release'));
      },
      (err: unknown) => log.warn({ err }, 'it could not be seen whether jobs are released'),
    );
  }, LOOK_EVERY_MS);
  return {
    pause: () => {
      clearInterval(look);
      void begun?.then((work) => work.pause());
    },
    stop: async () => (await begun)?.stop(),
  };
}
