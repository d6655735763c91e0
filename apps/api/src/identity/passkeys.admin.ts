import {
  PASSKEY_LIMIT,
  type Passkey,
  type PasskeyQuestion,
  addPasskey,
  endChallenge,
  findChallenge,
  listPasskeys,
  removePasskey,
  renamePasskey,
  renewSession,
} from '@souk/db/identity';
import type { AdminId } from '@souk/domain/shared';
import { z } from 'zod';
import type { RequestFacts } from '../trpc/context.ts';
import { accountProcedure, adminRouterOf, publicProcedure } from '../trpc/procedures.ts';
import { Refused, notFound } from '../trpc/refusals.ts';
import { idInput, needed } from '../trpc/schemas.ts';
import { networkOf } from '../http/visitor-address.ts';
import {
  PASSKEY_ALGORITHMS,
  PASSKEY_MINUTES,
  newPasskeyAnswer,
  passkeyAnswer,
  passkeyChallenge,
  readNewPasskey,
  tryPasskey,
  userHandleOf,
  webAuthn,
} from './passkey.ts';
import { newCodesFor } from './recovery-codes.ts';
import { hashToken, newToken, passkeyCookie } from './session.ts';
import { challengeCookie, tooLate } from './sign-in-challenge.ts';
import { countTry } from './sign-in-tries.ts';
import { startSession } from './start-session.ts';
import { withNewToken } from './with-new-token.ts';

const descriptors = z.array(
  z.strictObject({ id: z.string(), type: z.literal('public-key'), transports: z.array(z.string()).optional() }),
);

/** What a browser needs to ask for a passkey that it knows, as `@simplewebauthn/browser` takes it. */
const askOutput = z.strictObject({
  options: z.strictObject({
    rpId: z.string(),
    challenge: z.string(),
    allowCredentials: descriptors.optional(),
    timeout: z.int(),
    userVerification: z.literal('required'),
  }),
});

/** What it needs to make one. */
const makeOutput = z.strictObject({
  options: z.strictObject({
    rp: z.strictObject({ name: z.string(), id: z.string() }),
    user: z.strictObject({ id: z.string(), name: z.string(), displayName: z.string() }),
    challenge: z.string(),
    pubKeyCredParams: z.array(z.strictObject({ alg: z.int(), type: z.literal('public-key') })),
    timeout: z.int(),
    attestation: z.literal('none'),
    excludeCredentials: descriptors,
    authenticatorSelection: z.strictObject({
      residentKey: z.literal('required'),
      requireResidentKey: z.literal(true),
      userVerification: z.literal('required'),
    }),
  }),
});

const name = needed('The name', 60);
const passkeyId = idInput;
const me = z.strictObject({ name: z.string(), email: z.string() });

const describe = ({ credentialId, transports }: Passkey) => ({
  id: credentialId.toString('base64url'),
  type: 'public-key' as const,
  transports: [...transports],
});

/** A question that the session of an account may answer. */
const ofSession = (purpose: 'register' | 'prove', sessionId: string): PasskeyQuestion => ({
  purpose,
  boundTo: hashToken(`session ${sessionId}`),
});

/** Asks a browser for a passkey: for any it has, or for those of one account. */
async function ask(facts: RequestFacts, question: PasskeyQuestion, known?: readonly Passkey[]) {
  const { generateAuthenticationOptions } = await webAuthn();
  const { rpId = '', challenge } = await generateAuthenticationOptions({
    rpID: facts.services.adminOrigin.hostname,
    challenge: await passkeyChallenge(facts, question),
  });
  return {
    options: {
      rpId,
      challenge,
      ...(known ? { allowCredentials: known.map(describe) } : {}),
      timeout: PASSKEY_MINUTES * 60_000,
      userVerification: 'required' as const,
    },
  };
}

/** Questions are kept until they are answered: nobody asks for more than a person may need. */
const countQuestion = ({ services, address }: RequestFacts): Promise<unknown> =>
  countTry(services, 'passkey question', networkOf(address), address);

/** Where half a sign-in stands, for whoever has shown the password. @throws Refused link_is_dead. */
async function halfSignIn(facts: RequestFacts) {
  const tokenHash = hashToken(facts.cookies[challengeCookie(facts.services.mode)] ?? '');
  const found = await findChallenge(facts.services.database, tokenHash, facts.services.now());
  if (!found?.factors.includes('passkey')) throw tooLate();
  const question: PasskeyQuestion = { purpose: 'second_step', boundTo: tokenHash };
  return { ...found, tokenHash, question };
}

const deed = ({ services, requestId }: RequestFacts, adminId: AdminId) => ({
  adminId,
  at: services.now(),
  actionId: services.newId(),
  requestId,
});

/** Keys that a device or a password manager keeps for an account: after the password, in its place, and as a proof (I7, I8). */
export const passkeysRouter = adminRouterOf({
  /** The passkeys of one's account, the first one first. */
  list: accountProcedure
    .output(
      z.strictObject({
        passkeys: z.array(
          z.strictObject({
            passkeyId: z.string(),
            name: z.string(),
            createdAt: z.date(),
            lastUsedAt: z.date().optional(),
          }),
        ),
      }),
    )
    .query(async ({ ctx: { account, services } }) => ({
      passkeys: (await listPasskeys(services.database, account.adminId)).map(
        ({ passkeyId: id, name: called, createdAt, lastUsedAt }) => ({
          passkeyId: id,
          name: called,
          createdAt,
          lastUsedAt,
        }),
      ),
    })),

  /** Asks the browser to make a passkey for one's account. */
  begin: accountProcedure
    .meta({ alone: true, fresh: true })
    .output(makeOutput)
    .mutation(async ({ ctx }) => {
      const { account, services } = ctx;
      await countQuestion(ctx);
      const known = await listPasskeys(services.database, account.adminId);
      if (known.length >= PASSKEY_LIMIT) throw tooMany();
      const { generateRegistrationOptions } = await webAuthn();
      const made = await generateRegistrationOptions({
        rpName: 'Souk',
        rpID: services.adminOrigin.hostname,
        userID: userHandleOf(account.adminId),
        userName: account.email,
        userDisplayName: account.name,
        challenge: await passkeyChallenge(ctx, ofSession('register', account.sessionId)),
        supportedAlgorithmIDs: PASSKEY_ALGORITHMS,
      });
      return {
        options: {
          rp: { name: made.rp.name, id: services.adminOrigin.hostname },
          user: made.user,
          challenge: made.challenge,
          pubKeyCredParams: made.pubKeyCredParams.map(({ alg }) => ({ alg, type: 'public-key' as const })),
          timeout: PASSKEY_MINUTES * 60_000,
          attestation: 'none' as const,
          excludeCredentials: known.map(describe),
          // Found without a name typed, and never without its owner: it may stand for both factors.
          authenticatorSelection: {
            residentKey: 'required' as const,
            requireResidentKey: true as const,
            userVerification: 'required' as const,
          },
        },
      };
    }),

  /** Takes the passkey that the browser has made. With the first factor of any kind come ten recovery codes, shown this once. */
  add: accountProcedure
    .meta({ alone: true, fresh: true })
    .input(z.strictObject({ name, passkey: newPasskeyAnswer }))
    .output(z.strictObject({ passkeyId: z.string(), recoveryCodes: z.array(z.string()).optional() }))
    .mutation(async ({ ctx, input }) => {
      const { account, services } = ctx;
      const { adminId, sessionId } = account;
      const made = await readNewPasskey(ctx, ofSession('register', sessionId), input.passkey);
      const { recoveryCodes, codeHashes } = newCodesFor(services.key, adminId);
      const passkey = { ...made, passkeyId: services.newId(), name: input.name };
      const added = await addPasskey(services.database, passkey, {
        ...deed(ctx, adminId),
        codeHashes,
        sessionId,
        mailId: services.newId(),
      });
      if (!added)
        throw new Refused({ code: 'passkey_there', message: 'This passkey is set up already, or you have too many.' });
      return { passkeyId: passkey.passkeyId, recoveryCodes: added.isFirst ? recoveryCodes : undefined };
    }),

  rename: accountProcedure
    .input(z.strictObject({ passkeyId, name }))
    .output(z.strictObject({ passkeyId: z.string() }))
    .mutation(async ({ ctx, input }) => {
      if (!(await renamePasskey(ctx.services.database, { ...input, ...deed(ctx, ctx.account.adminId) })))
        throw notFound();
      return { passkeyId: input.passkeyId };
    }),

  /** Takes a passkey away, and with the last factor the recovery codes. The owner is told by mail. */
  remove: accountProcedure
    .meta({ alone: true, fresh: true })
    .input(z.strictObject({ passkeyId }))
    .output(z.strictObject({ passkeyId: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const removed = await removePasskey(ctx.services.database, {
        ...input,
        ...deed(ctx, ctx.account.adminId),
        mailId: ctx.services.newId(),
      });
      if (!removed) throw notFound();
      return { passkeyId: input.passkeyId };
    }),

  /** Asks the browser for any passkey that it has for this installation. It says the same to everybody. */
  beginSignIn: publicProcedure
    .meta({ alone: true })
    .output(askOutput)
    .mutation(async ({ ctx }) => {
      await countQuestion(ctx);
      const token = newToken();
      ctx.setCookie(passkeyCookie(ctx.services.mode), token, { maxAgeSeconds: PASSKEY_MINUTES * 60 });
      return ask(ctx, { purpose: 'sign_in', boundTo: hashToken(token) });
    }),

  /** Signs in with a passkey and nothing else: the device has verified its owner, so that it is both factors (I8). */
  signIn: publicProcedure
    .meta({ alone: true })
    .input(z.strictObject({ passkey: passkeyAnswer.required({ userHandle: true }) }))
    .output(me)
    .mutation(async ({ ctx, input }) => {
      const cookie = passkeyCookie(ctx.services.mode);
      const boundTo = hashToken(ctx.cookies[cookie] ?? '');
      const { adminId, epoch, ...who } = await tryPasskey(ctx, { purpose: 'sign_in', boundTo }, input.passkey);
      await startSession(ctx, adminId, { epoch, isByPasskey: true });
      ctx.setCookie(cookie, '', { maxAgeSeconds: 0 });
      return { name: who.name, email: who.email };
    }),

  /** Asks for a passkey of whoever has shown their password. */
  beginSecondStep: publicProcedure
    .meta({ alone: true })
    .output(askOutput)
    .mutation(async ({ ctx }) => {
      await countQuestion(ctx);
      const { adminId, question } = await halfSignIn(ctx);
      return ask(ctx, question, await listPasskeys(ctx.services.database, adminId));
    }),

  /** The second step of signing in, by a passkey of the account whose password was right. */
  finishSignIn: publicProcedure
    .meta({ alone: true })
    .input(z.strictObject({ passkey: passkeyAnswer }))
    .output(me)
    .mutation(async ({ ctx, input }) => {
      const { services } = ctx;
      const half = await halfSignIn(ctx);
      await tryPasskey(ctx, half.question, input.passkey, half.adminId);
      if (!(await endChallenge(services.database, half.tokenHash, services.now()))) throw tooLate();
      await startSession(ctx, half.adminId, { epoch: half.epoch });
      ctx.setCookie(challengeCookie(services.mode), '', { maxAgeSeconds: 0 });
      return { name: half.name, email: half.email };
    }),

  /** Asks for a passkey of one's own, as a fresh proof. */
  beginProof: accountProcedure
    .meta({ alone: true })
    .output(askOutput)
    .mutation(async ({ ctx }) => {
      await countQuestion(ctx);
      const { adminId, sessionId } = ctx.account;
      return ask(ctx, ofSession('prove', sessionId), await listPasskeys(ctx.services.database, adminId));
    }),

  /** Proves anew who one is, by a passkey (I7). The session goes on with another token. */
  prove: accountProcedure
    .meta({ alone: true })
    .input(z.strictObject({ passkey: passkeyAnswer }))
    .output(z.strictObject({ proved: z.literal(true) }))
    .mutation(async ({ ctx, input }) => {
      const { adminId, sessionId } = ctx.account;
      await tryPasskey(ctx, ofSession('prove', sessionId), input.passkey, adminId);
      await withNewToken(ctx, sessionId, (session) => renewSession(ctx.services.database, session));
      return { proved: true };
    }),
});

const tooMany = (): Refused =>
  new Refused({
    code: 'passkey_there',
    message: `An account has ${PASSKEY_LIMIT} passkeys at most. Remove one that you do not use any more.`,
  });
