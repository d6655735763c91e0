import { type SiteTransaction, withSite } from '@souk/db';
import { insertAction } from '@souk/db/activity';
import { clashOfNewSite, findFreeOrderPrefix, isTimeZoneKnown, noteOperatorAction } from '@souk/db/identity';
import { type OrderPrefix, type SiteHandle, orderPrefixesFrom } from '@souk/domain/identity';
import { type AdminId, type SiteId, id } from '@souk/domain/shared';
import type { Services } from '../services.ts';
import { Refused } from '../trpc/refusals.ts';
import { type SandboxAccount, type SitePlan, connectPayments, insertSite } from './new-site.ts';

/** A new site as its form says it; the letters before its order numbers follow from its handle. */
export type SiteOfForm = Omit<SitePlan, 'handle' | 'orderPrefix'> & { readonly handle: SiteHandle };

const wrongField = (field: string, message: string): Refused =>
  new Refused({ code: 'wrong_field', message, field, fields: { [field]: message } });

/**
 * Makes a whole site with its owner, and the log's row for it, in the site's own transaction.
 * @throws Refused wrong_field for a time zone the database does not know.
 */
export async function foundSite(
  tx: SiteTransaction,
  services: Services,
  site: SiteOfForm & { readonly orderPrefix: OrderPrefix },
  owner: AdminId,
  requestId: string,
): Promise<SandboxAccount | undefined> {
  if (!(await isTimeZoneKnown(tx, site.timeZone)))
    throw wrongField('timeZone', 'The database does not know this one. Choose another.');
  const made = await insertSite(tx, services, site, owner);
  insertAction(tx, {
    actionId: services.newId(tx.at),
    actor: { kind: 'admin', id: owner, roleName: 'owner' },
    action: 'site.created',
    entityType: 'site',
    entityId: tx.siteId,
    after: {
      handle: site.handle,
      currency: site.currency,
      country: site.country,
      locale: site.locale,
      timeZone: site.timeZone,
      pricesIncludeTax: site.pricesIncludeTax,
    },
    requestId,
  });
  return made;
}

/** Connects a new site's payments after its commit; when the provider is away, the next start does it. */
export async function payFromNow(
  services: Services,
  siteId: SiteId,
  sandbox: SandboxAccount | undefined,
  at: Date,
): Promise<void> {
  if (sandbox)
    await connectPayments(services, siteId, sandbox, at).catch((error: unknown) =>
      services.log.warn({ err: error, site: siteId }, 'payments are connected at the next start'),
    );
}

/**
 * Makes a further site, whose owner the operator is who makes it: all of it with its rows in both logs, or nothing. Which
 * names are taken is known to the keys alone, so it is they that are asked.
 * @throws Refused wrong_field where the handle is taken, or with a time zone the database does not know.
 */
export async function createSite(
  services: Services,
  site: SiteOfForm,
  operator: AdminId,
  requestId: string,
): Promise<SiteId> {
  const at = services.now();
  const siteId = id<SiteId>(services.newId());
  // Sites that begin with the same letters may want one prefix in the same moment: whoever comes second looks again, and
  // each time one more is taken.
  for (;;) {
    const orderPrefix = await findFreeOrderPrefix(services.database, orderPrefixesFrom(site.handle));
    if (!orderPrefix) throw wrongField('handle', 'Too many sites begin like this one. Take another short name.');
    try {
      const sandbox = await withSite(
        services.database,
        siteId,
        async (tx) => {
          const made = await foundSite(tx, services, { ...site, orderPrefix }, operator, requestId);
          noteOperatorAction(tx, { actionId: services.newId(), adminId: operator, action: 'site.created', requestId });
          return made;
        },
        at,
      );
      await payFromNow(services, siteId, sandbox, at);
      return siteId;
    } catch (error) {
      const clash = clashOfNewSite(error);
      if (clash === 'handle') throw wrongField('handle', 'Another site has this one. Take another.');
      if (clash !== 'order_prefix') throw error;
    }
  }
}
