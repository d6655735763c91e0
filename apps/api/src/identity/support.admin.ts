import type { SiteTransaction } from '@souk/db';
import { insertOutbox } from '@souk/db/activity';
import { endSupport, findMember, findOperatorByEmail, lockMember, openSupport } from '@souk/db/identity';
import { SUPPORT_HOURS, SUPPORT_PERMISSIONS, SUPPORT_REASON_MAX, emailAddress } from '@souk/domain/identity';
import { type AdminId, id } from '@souk/domain/shared';
import { z } from 'zod';
import type { Services } from '../services.ts';
import type { SiteAccess } from '../trpc/context.ts';
import { adminProcedure, adminRouterOf } from '../trpc/procedures.ts';
import { Refused, notFound } from '../trpc/refusals.ts';
import { idInput, needed } from '../trpc/schemas.ts';
import { countTry } from './sign-in-tries.ts';

const HOUR_MS = 3_600_000;

const wrong = (field: string, message: string): Refused =>
  new Refused({ code: 'wrong_field', message, field, fields: { [field]: message } });

const tell = (
  tx: SiteTransaction,
  services: Services,
  kind: 'support.opened' | 'support.ended',
  supportId: string,
): void => insertOutbox(tx, [{ eventId: services.newId(tx.at), kind, entityId: supportId }]);

/** Ends an access for support, and says whose it was for the log. @throws Refused not_found where none is open. */
export async function endAccess(
  tx: SiteTransaction,
  services: Services,
  which: { readonly supportId: string } | { readonly supporterId: AdminId },
) {
  const ended = await endSupport(tx, which);
  if (!ended) throw notFound();
  tell(tx, services, 'support.ended', ended.supportId);
  return {
    value: { supportId: ended.supportId },
    entityType: 'support_access',
    entityId: ended.supportId,
    after: { admin: ended.supporterId },
  };
}

/** Holds who acts, as they are in this transaction: support is let in by an owner and by nobody else. */
async function requireOwner(tx: SiteTransaction, site: SiteAccess): Promise<void> {
  const actor = await lockMember(tx, id<AdminId>(site.actor.id));
  if (!actor) throw notFound();
  if (!actor.isOwner)
    throw new Refused({ code: 'more_than_yours', message: 'Only an owner lets support in. Ask one of them.' });
}

export const supportRouter = adminRouterOf({
  /**
   * Lets somebody who runs the installation into the site for a while, for a reason, to do what is named and no more (SA1). An
   * address of nobody who does is refused in the same words, whether somebody signs in with it or not; and it is counted.
   */
  open: adminProcedure('MANAGE_TEAM')
    .meta({ fresh: true })
    .input(
      z.strictObject({
        email: z.string().max(1000),
        reason: needed('What they are to look at', SUPPORT_REASON_MAX),
        hours: z.literal(SUPPORT_HOURS),
        permissions: z.array(z.enum(SUPPORT_PERMISSIONS)).min(1).max(SUPPORT_PERMISSIONS.length),
      }),
    )
    .output(z.strictObject({ supportId: z.string(), until: z.date() }))
    .mutation(async ({ ctx, input }) => {
      const { site, services } = ctx;
      const email = emailAddress(input.email);
      if (!email.ok) throw wrong('email', 'This does not look like an e-mail address.');
      await countTry(services, 'support access', site.siteId, ctx.address);
      const supporter = await findOperatorByEmail(services.database, email.value);
      const permissions = [...new Set(input.permissions)];
      return site.write(async (tx) => {
        await requireOwner(tx, site);
        if (!supporter)
          throw wrong(
            'email',
            'Nobody who runs this installation has this address. Ask them which one they sign in with.',
          );
        if (await findMember(tx, supporter.adminId)) throw wrong('email', 'They work on this site already.');
        const supportId = services.newId(tx.at);
        const until = new Date(tx.at.getTime() + input.hours * HOUR_MS);
        const isOpen = await openSupport(tx, {
          supportId,
          supporterId: supporter.adminId,
          permissions,
          reason: input.reason,
          openedBy: id<AdminId>(site.actor.id),
          until,
        });
        if (!isOpen)
          throw wrong('email', 'They have been let in already. End that first, if it is to be something else.');
        tell(tx, services, 'support.opened', supportId);
        return {
          value: { supportId, until },
          entityType: 'support_access',
          entityId: supportId,
          // The reason may name people, so it stands beside the access and not in the log (G6).
          after: { admin: supporter.adminId, permissions, until },
        };
      });
    }),

  /** Ends an access for support before its time. What support has open of the site closes within a second. */
  end: adminProcedure('MANAGE_TEAM')
    .meta({ endsAccess: true })
    .input(z.strictObject({ supportId: idInput }))
    .output(z.strictObject({ supportId: z.string() }))
    .mutation(({ ctx: { site, services }, input: { supportId } }) =>
      site.write((tx) => endAccess(tx, services, { supportId })),
    ),
});
