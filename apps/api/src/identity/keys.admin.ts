import type { SiteTransaction } from '@souk/db';
import {
  type ApiKey,
  countApiKeys,
  findApiKey,
  insertApiKey,
  listApiKeys,
  listMembers,
  lockMember,
  replaceApiKey,
  revokeApiKey,
} from '@souk/db/identity';
import { PERMISSIONS, type Permission, beyond, holds } from '@souk/domain/identity';
import { type AdminId, id } from '@souk/domain/shared';
import type { AnyProcedure } from '@trpc/server';
import { z } from 'zod';
import { serviceRouter } from '../service-router.ts';
import type { SiteAccess } from '../trpc/context.ts';
import { type Meta, adminProcedure, adminRouterOf } from '../trpc/procedures.ts';
import { Refused, notFound } from '../trpc/refusals.ts';
import { idInput, needed } from '../trpc/schemas.ts';
import { apiKeyText, newKeySecret } from './api-key.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Keys of a site that open something at one time. */
const KEYS_MAX = 50;
/** How long a key that is over stays in the list. */
const SHOWN_DAYS = 30;
const DAYS_MAX = 730;
/** Longest time in which a key and its successor both work, in hours. */
const OVERLAP_MAX = 168;

/** What services can ask for at all: a key that allows anything else would open nothing. */
const OFFERED: readonly Permission[] = [
  ...new Set(
    Object.values(serviceRouter._def.procedures as unknown as Readonly<Record<string, AnyProcedure>>).flatMap(
      ({ _def }) => {
        const access = (_def.meta as Meta | undefined)?.access;
        return access?.audience === 'service' ? [access.permission] : [];
      },
    ),
  ),
];

const wrong = (field: string, message: string): Refused =>
  new Refused({ code: 'wrong_field', message, field, fields: { [field]: message } });

const tooManyKeys = (): Refused => wrong('name', `There are ${KEYS_MAX} keys. End one that nobody needs any more.`);

/** Holds who acts; with that nobody gives a key what was taken from them meanwhile (I6). */
async function grantedTo(tx: SiteTransaction, site: SiteAccess): Promise<readonly Permission[]> {
  const actor = await lockMember(tx, id<AdminId>(site.actor.id));
  if (!actor || !holds(actor.permissions, 'MANAGE_INTEGRATIONS')) throw notFound();
  return actor.permissions;
}

function refuseBeyond(granted: readonly Permission[], permissions: readonly Permission[]): void {
  const [over] = beyond(granted, permissions);
  if (over)
    throw new Refused({
      code: 'more_than_yours',
      message: `A key may do no more than whoever makes it, and you do not hold “${PERMISSIONS[over]}”.`,
      facts: { permission: over },
    });
}

const keyIsOver = (): Refused =>
  new Refused({
    code: 'key_is_over',
    message: 'This key opens nothing any more, or another one takes its place already.',
  });

const stateOf = (key: ApiKey, now: Date): 'good' | 'replaced' | 'expired' | 'revoked' => {
  if (key.revokedAt) return 'revoked';
  if (key.expiresAt && key.expiresAt <= now) return 'expired';
  return key.replacedBy === undefined ? 'good' : 'replaced';
};

const daysInput = z
  .int()
  .min(1, 'Choose a day after today.')
  .max(DAYS_MAX, `Choose ${DAYS_MAX} days at most.`)
  .optional();
const endAfter = (days: number | undefined, at: Date): Date | undefined =>
  days === undefined ? undefined : new Date(at.getTime() + days * DAY_MS);

/** The key itself is in this answer and nowhere else, ever. */
const made = z.strictObject({ apiKeyId: z.string(), key: z.string() });

export const keysRouter = adminRouterOf({
  /** The site's keys, without their secrets, and what a key can be given. */
  list: adminProcedure('MANAGE_INTEGRATIONS')
    .output(
      z.strictObject({
        keys: z.array(
          z.strictObject({
            apiKeyId: z.string(),
            name: z.string(),
            permissions: z.array(z.string()),
            state: z.enum(['good', 'replaced', 'expired', 'revoked']),
            createdAt: z.date(),
            createdBy: z.string().optional(),
            expiresAt: z.date().optional(),
            lastUsedAt: z.date().optional(),
            mayRotate: z.boolean(),
          }),
        ),
        offered: z.array(z.strictObject({ permission: z.string(), words: z.string(), mayGive: z.boolean() })),
      }),
    )
    .query(async ({ ctx: { site, services } }) => {
      const now = services.now();
      const [keys, people] = await Promise.all([
        site.read((tx) => listApiKeys(tx, new Date(now.getTime() - SHOWN_DAYS * DAY_MS))),
        listMembers(services.database, site.siteId),
      ]);
      const names = new Map<string, string>(people.map((m) => [m.adminId, m.name]));
      const mine = site.actor.permissions;
      return {
        keys: keys.map((key) => {
          const state = stateOf(key, now);
          return {
            apiKeyId: key.apiKeyId,
            name: key.name,
            permissions: [...key.permissions],
            state,
            createdAt: key.createdAt,
            createdBy: names.get(key.createdBy ?? ''),
            expiresAt: key.expiresAt,
            lastUsedAt: key.lastUsedAt,
            mayRotate: state === 'good' && beyond(mine, key.permissions).length === 0,
          };
        }),
        offered: OFFERED.map((permission) => ({
          permission,
          words: PERMISSIONS[permission],
          mayGive: holds(mine, permission),
        })),
      };
    }),

  /** Makes a key of what the caller holds (I6). The answer is the only place its secret is ever seen. */
  create: adminProcedure('MANAGE_INTEGRATIONS')
    .meta({ fresh: true })
    .input(
      z.strictObject({
        name: needed('The name', 80),
        permissions: z.array(z.enum(OFFERED, 'No service can use this.')).max(100),
        expiresInDays: daysInput,
      }),
    )
    .output(made)
    .mutation(({ ctx: { site, services }, input }) =>
      site.write(async (tx) => {
        const { name } = input;
        const permissions = [...new Set(input.permissions)];
        if (permissions.length === 0) throw wrong('permissions', 'Choose what the key may do.');
        refuseBeyond(await grantedTo(tx, site), permissions);
        if ((await countApiKeys(tx)) >= KEYS_MAX) throw tooManyKeys();
        const apiKeyId = services.newId(tx.at);
        const { secret, keyHash } = newKeySecret();
        const expiresAt = endAfter(input.expiresInDays, tx.at);
        await insertApiKey(tx, {
          apiKeyId,
          name,
          keyHash,
          permissions,
          expiresAt,
          createdBy: id<AdminId>(site.actor.id),
        });
        return {
          value: { apiKeyId, key: apiKeyText(apiKeyId, secret) },
          entityType: 'api_key',
          entityId: apiKeyId,
          after: { name, permissions: permissions.toSorted(), expiresAt },
        };
      }),
    ),

  /** Makes another key like this one, which goes on for a while beside it, so that a service can change over in peace. */
  rotate: adminProcedure('MANAGE_INTEGRATIONS')
    .meta({ fresh: true })
    .input(
      z.strictObject({
        apiKeyId: idInput,
        overlapHours: z.int().min(0).max(OVERLAP_MAX, `Choose ${OVERLAP_MAX} hours at most.`),
        expiresInDays: daysInput,
      }),
    )
    .output(made)
    .mutation(({ ctx: { site, services }, input }) =>
      site.write(async (tx) => {
        const granted = await grantedTo(tx, site);
        const old = await findApiKey(tx, input.apiKeyId);
        if (!old) throw notFound();
        refuseBeyond(granted, old.permissions);
        if ((await countApiKeys(tx)) >= KEYS_MAX) throw tooManyKeys();
        const apiKeyId = services.newId(tx.at);
        const { secret, keyHash } = newKeySecret();
        const expiresAt = endAfter(input.expiresInDays, tx.at);
        const { name, permissions } = old;
        await insertApiKey(tx, {
          apiKeyId,
          name,
          keyHash,
          permissions,
          expiresAt,
          createdBy: id<AdminId>(site.actor.id),
        });
        const endsAt = new Date(tx.at.getTime() + input.overlapHours * HOUR_MS);
        if (!(await replaceApiKey(tx, old.apiKeyId, { replacedBy: apiKeyId, endsAt }))) throw keyIsOver();
        return {
          value: { apiKeyId, key: apiKeyText(apiKeyId, secret) },
          entityType: 'api_key',
          entityId: apiKeyId,
          after: { name, permissions: [...permissions], expiresAt, replaces: old.apiKeyId, bothUntil: endsAt },
        };
      }),
    ),

  /** Ends a key: the next request that comes with it is refused. */
  revoke: adminProcedure('MANAGE_INTEGRATIONS')
    .meta({ fresh: true, endsAccess: true })
    .input(z.strictObject({ apiKeyId: idInput }))
    .output(z.strictObject({ apiKeyId: z.string() }))
    .mutation(({ ctx: { site }, input: { apiKeyId } }) =>
      site.write(async (tx) => {
        const key = await findApiKey(tx, apiKeyId);
        if (!key) throw notFound();
        if (!(await revokeApiKey(tx, apiKeyId))) throw keyIsOver();
        return { value: { apiKeyId }, entityType: 'api_key', entityId: apiKeyId, before: { name: key.name } };
      }),
    ),
});
