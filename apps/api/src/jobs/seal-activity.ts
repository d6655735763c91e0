import { isPassingFault, withSite } from '@souk/db';
import { SEAL_ROWS, sealActivity, sitesToSeal } from '@souk/db/activity';
import type { Services } from '../services.ts';

const HOUR_MS = 3_600_000;
const SITES = 200;

/** Seals the log of every site that has gone on since an hour ago. Safe to run in every process at once. Returns how many rows were sealed. */
export async function sealDueActivity(services: Services): Promise<number> {
  const before = new Date(services.now().getTime() - HOUR_MS);
  let sealed = 0;
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const sites = await sitesToSeal(services.database, after, before, SITES);
    for (const siteId of sites) {
      try {
        for (let rows = SEAL_ROWS; rows === SEAL_ROWS; sealed += rows)
          rows = await withSite(services.database, siteId, sealActivity, services.now());
      } catch (error) {
        // One site keeps no other from being sealed; its turn comes again.
        services.log[isPassingFault(error) ? 'warn' : 'error']({ siteId, err: error }, 'a log could not be sealed');
      }
    }
    const last = sites.at(-1);
    if (last === undefined || sites.length < SITES) return sealed;
    after = last;
  }
}
