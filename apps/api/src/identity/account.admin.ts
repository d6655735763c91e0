import {
  type AccountSession,
  changePassword,
  chooseLanguage,
  endOtherSessions,
  endChallenge,
  endSession,
  getSecondFactor,
  isOperator,
  listAccountActions,
  listSessions,
  listSitesOfAccount,
  renameAccount,
  renewSession,
  revokeSession,
  tryChallenge,
} from '@souk/db/identity';
import { SITE_LANGUAGES, emailAddress } from '@souk/domain/identity';
import { z } from 'zod';
import type { RequestFacts } from '../trpc/context.ts';
import { accountProcedure, adminRouterOf, publicProcedure } from '../trpc/procedures.ts';
import { Refused, notFound } from '../trpc/refusals.ts';
import { idInput, needed, pageInput, pageOf } from '../trpc/schemas.ts';
import { hashChosen, newPassword } from './chosen-password.ts';
import { adminCookie, hashToken } from './session.ts';
import { challengeCookie, startChallenge, tooLate } from './sign-in-challenge.ts';
import { knownDeviceOf, startSession } from './start-session.ts';
import { tryPassword } from './try-password.ts';
import { secondFactorCode, trySecondFactor } from './try-second-factor.ts';
import { withNewToken } from './with-new-token.ts';

const wrong = (): Refused =>
  new Refused({ code: 'wrong_email_or_password', message: 'E-mail or password is not right.' });

const password = z.string().min(1, 'Enter your password.').max(1000, 'This is longer than any password here.');

const me = z.strictObject({ name: z.string(), email: z.string() });

/** What is asked for after the password, and to confirm that it is them; nothing where there is no second factor. */
const factors = z.array(z.enum(['totp', 'passkey']));

type Prover = RequestFacts & { readonly account: AccountSession };

const notThis = (field: 'password' | 'code', message: string): Refused =>
  new Refused({ code: 'wrong_field', message, field, fields: { [field]: message } });

async function proveByPassword(ctx: Prover, typed: string | undefined): Promise<void> {
  const { email, sessionId } = ctx.account;
  const found = await tryPassword(ctx, {
    email,
    password: typed ?? '',
    refusedAs: 'proof_refused',
    countedAs: `session ${sessionId}`,
  });
  if (!found) throw notThis('password', 'This is not your password.');
}

async function proveByCode(ctx: Prover, typed: string | undefined): Promise<void> {
  const { adminId, sessionId } = ctx.account;
  if (typed === undefined) throw notThis('code', 'Your account asks for a second factor.');
  const { secretSealed } = await getSecondFactor(ctx.services.database, adminId);
  // Somebody with a session has tries of their own, which no stranger can use up.
  const who = `code of session ${sessionId}`;
  await trySecondFactor(ctx, { adminId, secretSealed }, typed, { ofApp: who, ofRecovery: who, isSignIn: false });
}

export const accountRouter = adminRouterOf({
  signIn: publicProcedure
    .meta({ alone: true })
    .input(z.strictObject({ email: z.string().max(300), password }))
    .output(z.strictObject({ ...me.shape, factors }))
    .mutation(async ({ ctx, input }) => {
      const parsed = emailAddress(input.email);
      // What is no address is nobody's; it is counted and answered as an unknown one.
      const email = parsed.ok ? parsed.value : `not an address: ${hashToken(input.email).toString('hex')}`;
      // Somebody who has been here before has tries of their own: strangers who guess cannot keep them out.
      const device = await knownDeviceOf(ctx, email);
      const found = await tryPassword(ctx, {
        email,
        password: input.password,
        refusedAs: 'sign_in_refused',
        ...(device ? { countedAs: `device ${device} ${email}` } : {}),
      });
      if (!found) throw wrong();
      // Half a sign-in opens nothing: it is remembered until the second factor comes, or for ten minutes.
      if (found.factors.length > 0) await startChallenge(ctx, found);
      else await startSession(ctx, found.adminId, { epoch: found.sessionEpoch });
      return { name: found.name, email: found.email, factors: [...found.factors] };
    }),

  /** The second step of signing in: a code of the app, or a recovery code. */
  finishSignIn: publicProcedure
    .meta({ alone: true })
    .input(z.strictObject({ code: secondFactorCode }))
    .output(me)
    .mutation(async ({ ctx, input }) => {
      const { services, cookies, setCookie } = ctx;
      const cookie = challengeCookie(services.mode);
      const tokenHash = hashToken(cookies[cookie] ?? '');
      const found = await tryChallenge(services.database, tokenHash, services.now());
      if (!found || found.factors.length === 0) throw tooLate();
      const { adminId, epoch, name, email } = found;
      const device = await knownDeviceOf(ctx, email);
      await trySecondFactor(ctx, found, input.code, {
        // Where the owner has been before, whoever knows their password as well cannot keep them out.
        ofApp: device ? `code of ${adminId} at device ${device}` : `code of ${adminId}`,
        ofRecovery: `code of half sign-in ${tokenHash.toString('hex')}`,
        isSignIn: true,
      });
      if (!(await endChallenge(services.database, tokenHash, services.now()))) throw tooLate();
      await startSession(ctx, adminId, { epoch });
      setCookie(cookie, '', { maxAgeSeconds: 0 });
      return { name, email };
    }),

  signOut: accountProcedure.output(z.strictObject({ signedOut: z.literal(true) })).mutation(async ({ ctx }) => {
    const { services } = ctx;
    const cookie = adminCookie(services.mode);
    await revokeSession(
      services.database,
      hashToken(ctx.cookies[cookie] ?? ''),
      services.now(),
      services.newId(),
      ctx.requestId,
    );
    ctx.setCookie(cookie, '', { maxAgeSeconds: 0 });
    return { signedOut: true };
  }),

  /**
   * Proves anew who one is, for what is dangerous (I7): with a code where the account has a second factor, else with the
   * password; `passkeys.prove` is the way with a passkey. The session goes on with another token.
   */
  prove: accountProcedure
    .meta({ alone: true })
    .input(z.strictObject({ password: password.optional(), code: secondFactorCode.optional() }))
    .output(z.strictObject({ proved: z.literal(true) }))
    .mutation(async ({ ctx, input }) => {
      const { sessionId, factors: known } = ctx.account;
      await (known.length > 0 ? proveByCode(ctx, input.code) : proveByPassword(ctx, input.password));
      await withNewToken(ctx, sessionId, (session) => renewSession(ctx.services.database, session));
      return { proved: true };
    }),

  rename: accountProcedure
    .input(z.strictObject({ name: needed('Your name', 100) }))
    .output(z.strictObject({ name: z.string() }))
    .mutation(async ({ ctx, input: { name } }) => {
      const { account, services, requestId } = ctx;
      await renameAccount(services.database, {
        adminId: account.adminId,
        name,
        at: services.now(),
        actionId: services.newId(),
        requestId,
      });
      return { name };
    }),

  /** What the account is shown and written in, whatever its browsers prefer. */
  chooseLanguage: accountProcedure
    .input(z.strictObject({ language: z.enum(SITE_LANGUAGES) }))
    .output(z.strictObject({ language: z.enum(SITE_LANGUAGES) }))
    .mutation(async ({ ctx, input: { language } }) => {
      const { account, services, requestId } = ctx;
      await chooseLanguage(services.database, {
        adminId: account.adminId,
        language,
        at: services.now(),
        actionId: services.newId(),
        requestId,
      });
      return { language };
    }),

  /** Sets another password and ends every other session, also one that is being begun with the old password. */
  changePassword: accountProcedure
    .meta({ alone: true, fresh: true })
    .input(z.strictObject({ password: newPassword }))
    .output(z.strictObject({ changed: z.literal(true) }))
    .mutation(async ({ ctx, input }) => {
      const { name, email, sessionId } = ctx.account;
      const passwordHash = await hashChosen(input.password, [name, email]);
      const { database, newId } = ctx.services;
      await withNewToken(ctx, sessionId, (session) =>
        changePassword(database, session, { passwordHash, mailId: newId() }),
      );
      return { changed: true };
    }),

  /** Where one is signed in, the last used first. Place and device are what the browser says, in words of ours. */
  sessions: accountProcedure
    .output(
      z.array(
        z.strictObject({
          sessionId: z.string(),
          device: z.string(),
          timeZone: z.string(),
          network: z.string(),
          startedAt: z.date(),
          lastSeenAt: z.date(),
          isThis: z.boolean(),
        }),
      ),
    )
    .query(async ({ ctx: { account, services } }) =>
      (await listSessions(services.database, account.adminId, services.now())).map((session) => ({
        ...session,
        isThis: session.sessionId === account.sessionId,
      })),
    ),

  /** Ends one of one's own sessions. What it has open ends within a second (E09). */
  endSession: accountProcedure
    .input(z.strictObject({ sessionId: idInput }))
    .output(z.strictObject({ sessionId: z.string() }))
    .mutation(async ({ ctx, input: { sessionId } }) => {
      const { account, services, requestId } = ctx;
      const ended = await endSession(services.database, {
        sessionId,
        adminId: account.adminId,
        at: services.now(),
        actionId: services.newId(),
        requestId,
      });
      if (!ended) throw notFound();
      return { sessionId };
    }),

  /** Ends every session but this one. */
  endOtherSessions: accountProcedure.output(z.strictObject({ ended: z.literal(true) })).mutation(async ({ ctx }) => {
    await withNewToken(ctx, ctx.account.sessionId, (session) => endOtherSessions(ctx.services.database, session));
    return { ended: true };
  }),

  /** What happened to one's account, the newest first. */
  history: accountProcedure
    .input(z.strictObject(pageInput))
    .output(
      z.strictObject({
        rows: z.array(
          z.strictObject({
            actionId: z.string(),
            action: z.string(),
            timestamp: z.date(),
            device: z.string(),
            timeZone: z.string(),
          }),
        ),
        next: z.string().optional(),
      }),
    )
    .query(async ({ ctx: { account, services }, input }) => {
      const { after, limit } = input;
      const rows = await listAccountActions(services.database, account.adminId, { after, limit: limit + 1 });
      return pageOf(rows, limit, (row) => row.actionId);
    }),

  me: accountProcedure
    .output(
      z.strictObject({
        ...me.shape,
        /** The language they have chosen; absent where the browser's own decides. */
        language: z.enum(SITE_LANGUAGES).optional(),
        /** Whether they run the installation: then they make sites. */
        isOperator: z.boolean(),
        factors,
        sites: z.array(
          z.strictObject({
            name: z.string(),
            handle: z.string(),
            status: z.string(),
            role: z.string(),
            shopUrl: z.string(),
            /** The letters before its order numbers, for who may see orders there: a number leads to its site. */
            orderPrefix: z.string().optional(),
          }),
        ),
      }),
    )
    .query(async ({ ctx }) => {
      const { database } = ctx.services;
      const { adminId } = ctx.account;
      const [sites, runsSouk] = await Promise.all([
        listSitesOfAccount(database, adminId, ctx.services.now()),
        isOperator(database, adminId),
      ]);
      return {
        name: ctx.account.name,
        email: ctx.account.email,
        language: ctx.account.chosenLanguage,
        isOperator: runsSouk,
        factors: [...ctx.account.factors],
        sites: sites.map((s) => ({
          name: s.name,
          handle: s.handle,
          status: s.status,
          role: s.roleName,
          shopUrl: ctx.services.shopOrigin(s.primaryDomain ?? ''),
          orderPrefix: s.seesOrders ? s.orderPrefix : undefined,
        })),
      };
    }),
});
