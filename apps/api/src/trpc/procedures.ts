import { withSite } from '@souk/db';
import { insertAction } from '@souk/db/activity';
import {
  type AccountSession,
  type ApiKeyEntry,
  findAccountBySession,
  findAdminEntry,
  findSiteByApiKey,
  isOperator,
  touchApiKey,
  touchSession,
} from '@souk/db/identity';
import { PERMISSIONS, type Permission, holds } from '@souk/domain/identity';
import { type TRPCError, initTRPC } from '@trpc/server';
import { TRPC_ERROR_CODES_BY_KEY, getStatusCodeFromKey } from '@trpc/server/unstable-core-do-not-import';
import { ZodError } from 'zod';
import { readApiKey } from '../identity/api-key.ts';
import { adminCookie, hashToken } from '../identity/session.ts';
import type {
  AdminContext,
  Deed,
  RequestFacts,
  ServiceContext,
  SiteAccess,
  SiteActor,
  StorefrontContext,
} from './context.ts';
import { Refused, httpCodeOf, notFound, proofNeeded, tryAgainAfter } from './refusals.ts';

/** What a procedure says of who may call it; the access matrix is printed from it. */
export type Access =
  | { readonly audience: 'admin'; readonly who: 'anyone' | 'account' | 'operator' }
  | { readonly audience: 'admin'; readonly who: 'member'; readonly permission: Permission | 'any' }
  | { readonly audience: 'storefront'; readonly who: 'anyone' }
  | { readonly audience: 'service'; readonly who: 'key'; readonly permission: Permission };

/** What a procedure says of itself. Every builder below sets `access`. */
export type Meta = {
  readonly access?: Access;
  /**
   * It is never one of several in a request: what moves money, goods or an order, and what tries a password. What is
   * counted by request is counted rightly then, and a failure is an answer to one thing.
   */
  readonly alone?: true;
  /**
   * It is dangerous: roles, keys, credentials, domains, exports of personal data, one's own password. Whoever calls has proved
   * who they are within ten minutes, or is asked to first (I7). `'sometimes'`: it asks by `site.requireProof()` where its
   * input makes it so.
   */
  readonly fresh?: true | 'sometimes';
  /** It takes access away and gives none, so it is done in a site that is closed too (ST1). */
  readonly endsAccess?: true;
  /** Support never does it, whatever it was let do: it takes data out of the site (SA1). */
  readonly support?: 'never';
};

const admin = initTRPC
  .context<AdminContext>()
  .meta<Meta>()
  .create({ errorFormatter: ({ shape, error }) => shapeError(shape, error), isDev: false });
const storefront = initTRPC
  .context<StorefrontContext>()
  .meta<Meta>()
  .create({ errorFormatter: ({ shape, error }) => shapeError(shape, error), isDev: false });
const service = initTRPC
  .context<ServiceContext>()
  .meta<Meta>()
  .create({ errorFormatter: ({ shape, error }) => shapeError(shape, error), isDev: false });

export const adminRouterOf = admin.router;
export const storefrontRouterOf = storefront.router;
export const serviceRouterOf = service.router;

/**
 * The client gets a refusal typed in `data.refusal`, with its own HTTP status; anything unexpected is one sentence and a
 * reference, never a stack. Refusals are turned here, where every answer passes, and not in a step around each procedure.
 */
function shapeError<Shape extends { message: string; code: number; data: object }>(
  shape: Shape,
  error: TRPCError,
): Shape & { data: Shape['data'] & { refusal: Refused['refusal'] | undefined } } {
  const refusal = refusalOf(error);
  const code = refusal && httpCodeOf(refusal.code);
  const message =
    refusal?.message ??
    (error.code === 'INTERNAL_SERVER_ERROR' ? 'Something went wrong on our side. Nothing was changed.' : shape.message);
  return {
    ...shape,
    message,
    ...(code ? { code: TRPC_ERROR_CODES_BY_KEY[code] } : {}),
    data: {
      ...shape.data,
      ...(code ? { code, httpStatus: getStatusCodeFromKey(code) } : {}),
      stack: undefined,
      refusal,
    },
  };
}

/** The refusal inside an error, if it is one. A wrong input names its fields. */
export function refusalOf(error: unknown): Refused['refusal'] | undefined {
  if (error instanceof Refused) return error.refusal;
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Refused) return cause.refusal;
  if (cause instanceof ZodError) {
    const fields = Object.fromEntries(cause.issues.map((issue) => [issue.path.join('.') || 'input', issue.message]));
    const [field, message] = Object.entries(fields)[0] ?? ['input', 'The input is not valid.'];
    return { code: 'wrong_field', message: `${field}: ${message}`, field, fields };
  }
  return tryAgainAfter(error)?.refusal;
}

/** Anyone on the admin's host: signing in. */
export const publicProcedure = admin.procedure.meta({ access: { audience: 'admin', who: 'anyone' } });

export const notSignedIn = (): Refused =>
  new Refused({ code: 'not_signed_in', message: 'Your session has ended. Sign in again; nothing you typed is lost.' });

const sessionToken = (ctx: RequestFacts): Buffer => {
  const token = ctx.cookies[adminCookie(ctx.services.mode)];
  if (!token) throw notSignedIn();
  return hashToken(token);
};

/** What is dangerous for an account, or by it, waits for a proof of who is there (I7). */
function requireProof(meta: Meta | undefined, found: AccountSession): void {
  if (meta?.fresh === true && !found.isFresh) throw proofNeeded();
}

/** Notes that a session is in use. */
function noteUse({ services }: RequestFacts, { sessionId, isUnseen }: { sessionId: string; isUnseen: boolean }): void {
  if (isUnseen) services.background('touch session', touchSession(services.database, sessionId, services.now()));
}

/** Signed in, no site: one's own account and the list of one's sites. */
export const accountProcedure = admin.procedure
  .meta({ access: { audience: 'admin', who: 'account' } })
  .use(async ({ ctx, next, meta }) => {
    const { database, now } = ctx.services;
    const found = await findAccountBySession(database, sessionToken(ctx), now());
    if (!found) throw notSignedIn();
    requireProof(meta, found);
    noteUse(ctx, found);
    return next({ ctx: { account: found } });
  });

/** Runs the installation: no site, and none of a site's rows. For everybody else there is nothing at this address. */
export const operatorProcedure = admin.procedure
  .meta({ access: { audience: 'admin', who: 'operator' } })
  .use(async ({ ctx, next, meta }) => {
    const { database, now } = ctx.services;
    const found = await findAccountBySession(database, sessionToken(ctx), now());
    if (!found) throw notSignedIn();
    if (!(await isOperator(database, found.adminId))) throw notFound();
    requireProof(meta, found);
    noteUse(ctx, found);
    return next({ ctx: { account: found } });
  });

/** A member of the site named in the header `x-souk-site`, with this permission there; `'any'` is every member (I4). */
export const adminProcedure = (permission: Permission | 'any') =>
  admin.procedure
    .meta({ access: { audience: 'admin', who: 'member', permission } })
    .use(async ({ ctx, next, path, type, meta }) => {
      const entry = await enterSite(ctx, ctx.headers['x-souk-site'] ?? '', permission);
      const access = siteAccess(ctx, path, entry, entry.account);
      if (type === 'mutation' && entry.status !== 'active' && !meta?.endsAccess) {
        throw new Refused({
          code: 'site_not_active',
          message: `${entry.siteName} is ${entry.status}: you can look and take access away, but change nothing else.`,
        });
      }
      if (meta?.support === 'never') refuseSupport(entry.actor);
      if (meta?.fresh === true) access.site.requireProof();
      noteUse(ctx, entry);
      const result = await next({ ctx: { site: access.site } });
      if (type === 'mutation' && result.ok && !access.hasWritten())
        throw new Error(`${path} changed something without a log row`);
      return result;
    });

/** Session and handle → site, membership, permission: the door of everything of a site's admin (I4). */
export async function enterSite(facts: RequestFacts, handle: string, permission: Permission | 'any') {
  const at = facts.services.now();
  const entry = await findAdminEntry(facts.services.database, sessionToken(facts), handle, at);
  if (!entry) throw notSignedIn();
  if (!entry.site) throw notFound();
  // Before anything of the site is seen; what they have open ends in the same way (I8).
  if (entry.site.requiresSecondFactor && !entry.hasSecondFactor)
    throw new Refused({
      code: 'second_factor_required',
      message: `${entry.site.name} asks everybody who works there for a second factor. Set yours up on the page of your account.`,
    });
  if (permission !== 'any') requirePermission(entry.site.permissions, permission);
  const { siteId, name, roleName, permissions, status, isSupport } = entry.site;
  const actor: SiteActor = { kind: isSupport ? 'support' : 'admin', id: entry.account.adminId, roleName, permissions };
  return {
    siteId,
    siteName: name,
    handle,
    status,
    actor,
    account: entry.account,
    sessionId: entry.sessionId,
    isUnseen: entry.isUnseen,
    isFresh: entry.isFresh,
    hasSecondFactor: entry.hasSecondFactor,
  };
}

function requirePermission(granted: readonly Permission[], wanted: Permission): void {
  if (holds(granted, wanted)) return;
  throw new Refused({
    code: 'permission_missing',
    message: `This needs the permission “${PERMISSIONS[wanted]}” (${wanted}). Ask an owner of the site to give it to you.`,
    facts: { permission: wanted },
  });
}

/** What is not for support, who looks and helps. @throws Refused not_for_support */
export function refuseSupport(actor: SiteActor): void {
  if (actor.kind !== 'support') return;
  throw new Refused({
    code: 'not_for_support',
    message: 'Support takes nothing out of a site. Ask somebody who works here to do it.',
  });
}

function siteAccess(
  facts: RequestFacts,
  path: string,
  entry: Pick<SiteAccess, 'siteId' | 'siteName' | 'handle' | 'actor' | 'hasSecondFactor'> & {
    readonly isFresh: boolean;
  },
  account: SiteAccess['account'],
): { site: SiteAccess; hasWritten: () => boolean } {
  const { services, requestId } = facts;
  let written = false;
  const site: SiteAccess = {
    siteId: entry.siteId,
    siteName: entry.siteName,
    handle: entry.handle,
    actor: entry.actor,
    account,
    hasSecondFactor: entry.hasSecondFactor,
    requireProof: () => {
      if (!entry.isFresh) throw proofNeeded();
    },
    read: (work) => withSite(services.database, entry.siteId, work, services.now()),
    write: (work) =>
      withSite(
        services.database,
        entry.siteId,
        async (tx) => {
          const deed: Deed<Awaited<ReturnType<typeof work>>['value']> = await work(tx);
          const things = deed.things && deed.things.length > 0 ? deed.things : [deed];
          for (const { entityId, before, after } of things)
            insertAction(tx, {
              // Of the time of the deed, which is what the log is asked by.
              actionId: services.newId(tx.at),
              actor: entry.actor,
              action: path,
              entityType: deed.entityType,
              entityId,
              before,
              after,
              requestId,
            });
          written = true;
          return deed.value;
        },
        services.now(),
      ),
  };
  return { site, hasWritten: () => written };
}

/** Anyone on a shop's host. */
export const storefrontProcedure = storefront.procedure.meta({ access: { audience: 'storefront', who: 'anyone' } });

/** Requests a minute that one API key may make, at all processes together. */
export const KEY_RATE = { requests: 600, seconds: 60 } as const;

/**
 * Says how much of its rate a key has left, in the fields of the IETF's RateLimit draft.
 * @throws Refused too_many_requests, with the seconds to wait.
 */
function holdToRate({ services, setHeader }: RequestFacts, { uses, windowEnds }: ApiKeyEntry): void {
  const seconds = Math.max(1, Math.ceil((windowEnds.getTime() - services.now().getTime()) / 1000));
  setHeader('RateLimit-Policy', `"key";q=${KEY_RATE.requests};w=${KEY_RATE.seconds}`);
  setHeader('RateLimit', `"key";r=${Math.max(0, KEY_RATE.requests - uses)};t=${seconds}`);
  if (uses > KEY_RATE.requests)
    throw new Refused({
      code: 'too_many_requests',
      message: `This API key may make ${KEY_RATE.requests} requests a minute. Wait ${seconds} seconds.`,
      facts: { retryAfterSeconds: seconds },
    });
}

/** A service with an API key of the site that holds this permission. The key is `souk_<key id>_<secret>`. */
export const serviceProcedure = (permission: Permission) =>
  service.procedure
    .meta({ access: { audience: 'service', who: 'key', permission } })
    .use(async ({ ctx, next, path, type }) => {
      const wrong = new Refused({
        code: 'not_signed_in',
        message: 'The API key is missing, unknown, revoked or expired. Send it as "Authorization: Bearer souk_…".',
      });
      const { services } = ctx;
      const key = readApiKey(ctx.headers.authorization);
      const found = key && (await findSiteByApiKey(services.database, key.apiKeyId, key.keyHash, services.now()));
      if (!found) throw wrong;
      holdToRate(ctx, found);
      if (found.isUnseen)
        services.background('touch api key', touchApiKey(services.database, found.apiKeyId, services.now()));
      // Whoever has a site's key looks at what its people see: nothing of one that is put away.
      if (found.siteStatus !== 'active' && (type === 'mutation' || found.siteStatus !== 'suspended'))
        throw new Refused({ code: 'site_not_active', message: `The site is ${found.siteStatus}.` });
      requirePermission(found.permissions, permission);
      const actor: SiteActor = {
        kind: 'service',
        id: found.apiKeyId,
        roleName: 'api key',
        permissions: found.permissions,
      };
      const access = siteAccess(
        ctx,
        path,
        { siteId: found.siteId, siteName: '', handle: '', actor, isFresh: false, hasSecondFactor: false },
        undefined,
      );
      const result = await next({ ctx: { site: access.site } });
      if (type === 'mutation' && result.ok && !access.hasWritten())
        throw new Error(`${path} changed something without a log row`);
      return result;
    });
