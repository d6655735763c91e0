import { type SiteTransaction, withSite } from '@souk/db';
import { insertAction } from '@souk/db/activity';
import {
  lockMappings,
  lockStanding,
  makePrimary,
  noteOperatorAction,
  saveMappingStep,
  saveSiteMove,
} from '@souk/db/identity';
import { type OperatorStep, type SiteReason, type SiteStatus, moveSite } from '@souk/domain/identity';
import type { AdminId, SiteId } from '@souk/domain/shared';
import type { Services } from '../services.ts';
import { Refused, notFound } from '../trpc/refusals.ts';

export type SiteMove = {
  readonly siteId: SiteId;
  readonly step: OperatorStep;
  /** The number of the last step the operator saw. */
  readonly lastStep: number;
  readonly reason: SiteReason;
  /** What the people of the site are told, where it is closed to buyers. */
  readonly note: string;
};

/** Lets the names go that are the site's own: they are anybody's who proves them anew. Its given address stays, for when it comes back. */
async function letDomainsGo(tx: SiteTransaction): Promise<void> {
  const mappings = await lockMappings(tx);
  const own = mappings.filter((mapping) => mapping.type === 'custom');
  for (const mapping of own) saveMappingStep(tx, mapping, { step: 'release', status: 'released' }, undefined);
  const given = mappings.find((mapping) => mapping.type !== 'custom');
  if (given && own.some((mapping) => mapping.isPrimary)) await makePrimary(tx, given.mappingId);
}

/**
 * Suspends, resumes, archives or restores a site: the step, its row in the log of the status, and its rows in the site's log and
 * the installation's are there together (ST1, AU1). Nothing of the site is read but where it stands.
 * @throws Refused not_found; stale_version where it has moved meanwhile; site_step_not_allowed where the table has no such step.
 */
export async function moveSiteBy(
  services: Services,
  operator: AdminId,
  move: SiteMove,
  requestId: string,
): Promise<{ status: SiteStatus; lastStep: number }> {
  return withSite(
    services.database,
    move.siteId,
    async (tx) => {
      const site = await lockStanding(tx);
      if (!site) throw notFound();
      if (site.n !== move.lastStep)
        throw new Refused({
          code: 'stale_version',
          message: `${site.name} is ${site.status} now: somebody has changed it since you looked. Look again, then decide.`,
          facts: { yours: move.lastStep, now: site.n, status: site.status },
        });
      const moved = moveSite(site, move.step);
      if (!moved.ok)
        throw new Refused({
          code: 'site_step_not_allowed',
          message: `${site.name} is ${site.status}: that is no step from there.`,
          facts: { status: site.status },
        });
      saveSiteMove(tx, moved.value, {
        transitionId: services.newId(tx.at),
        by: { kind: 'operator', id: operator },
        reasonCode: move.reason,
        note: move.note === '' ? undefined : move.note,
      });
      if (move.step === 'archive') await letDomainsGo(tx);
      const action = `operator.${move.step}`;
      insertAction(tx, {
        actionId: services.newId(),
        actor: { kind: 'operator', id: operator, roleName: 'operator' },
        action,
        entityType: 'site',
        entityId: move.siteId,
        before: { status: moved.value.from },
        after: { status: moved.value.to, reason: move.reason },
        requestId,
      });
      noteOperatorAction(tx, {
        actionId: services.newId(),
        adminId: operator,
        action,
        requestId,
        details: { from: moved.value.from, to: moved.value.to, reason: move.reason },
      });
      return { status: moved.value.to, lastStep: moved.value.n };
    },
    services.now(),
  );
}
