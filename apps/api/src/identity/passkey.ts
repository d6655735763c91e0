import { randomBytes } from 'node:crypto';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import {
  type KnownPasskey,
  type NewPasskey,
  type PasskeyQuestion,
  beginPasskeyChallenge,
  findPasskey,
  logAccountAction,
  takePasskeyChallenge,
  usePasskey,
} from '@souk/db/identity';
import type { AdminId } from '@souk/domain/shared';
import { parse } from 'uuid';
import { z } from 'zod';
import type { RequestFacts } from '../trpc/context.ts';
import { Refused } from '../trpc/refusals.ts';
import { hashToken } from './session.ts';
import { countTry } from './sign-in-tries.ts';

/** The library is loaded when the first passkey is used: it takes as long as the rest of a start, and few starts need it. */
export const webAuthn = () => import('@simplewebauthn/server');

/** How long a browser has to ask its owner and to answer, in minutes. */
export const PASSKEY_MINUTES = 5;

/** EdDSA, ES256 and RS256: what every browser and key that is sold knows. */
export const PASSKEY_ALGORITHMS = [-8, -7, -257];

const PASSKEY_TRANSPORTS: ReadonlySet<string> = new Set([
  'ble',
  'cable',
  'hybrid',
  'internal',
  'nfc',
  'smart-card',
  'usb',
]);

const base64url = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/, 'This is not what a browser sends.');
const credentialId = base64url(1364);

/** What a browser answers for a new passkey. */
export const newPasskeyAnswer = z.strictObject({
  id: credentialId,
  clientDataJSON: base64url(4000),
  attestationObject: base64url(20_000),
  transports: z.array(z.string().max(30)).max(20).default([]),
});

/** What a browser answers with a passkey. */
export const passkeyAnswer = z.strictObject({
  id: credentialId,
  clientDataJSON: base64url(4000),
  authenticatorData: base64url(4000),
  signature: base64url(4000),
  userHandle: base64url(100).optional(),
});
export type PasskeyAnswer = z.infer<typeof passkeyAnswer>;

/** One answer to everything that is wrong with a passkey, so that nobody learns by it what is known here. */
const refused = (): Refused =>
  new Refused({
    code: 'passkey_refused',
    message: 'This passkey did not work: it may have been removed, or it took too long. Try again, or use another way.',
  });

/** By what name and address a passkey knows this installation: those that are configured, never those of a request (H04). */
const partyOf = ({ services: { adminOrigin } }: Pick<RequestFacts, 'services'>) => ({
  expectedRPID: adminOrigin.hostname,
  expectedOrigin: adminOrigin.origin,
});

/** What a passkey knows an account by: it says nothing about whose it is. */
export const userHandleOf = (adminId: AdminId): Uint8Array<ArrayBuffer> => new Uint8Array(parse(adminId));

/** Makes what a browser is to sign, once and soon, and remembers for what and for whom. */
export async function passkeyChallenge(
  { services }: Pick<RequestFacts, 'services'>,
  question: PasskeyQuestion,
): Promise<Uint8Array<ArrayBuffer>> {
  const challenge = new Uint8Array(randomBytes(32));
  await beginPasskeyChallenge(services.database, question, {
    challengeHash: hashToken(Buffer.from(challenge).toString('base64url')),
    expiresAt: new Date(services.now().getTime() + PASSKEY_MINUTES * 60_000),
  });
  return challenge;
}

/** The challenge that was answered, used up with it. @throws Refused passkey_refused where it was not given for this. */
async function takeChallenge(
  { services }: Pick<RequestFacts, 'services'>,
  question: PasskeyQuestion,
  clientDataJSON: string,
): Promise<string> {
  const challenge = challengeIn(clientDataJSON);
  if (challenge === undefined) throw refused();
  if (!(await takePasskeyChallenge(services.database, question, hashToken(challenge), services.now()))) throw refused();
  return challenge;
}

function challengeIn(clientDataJSON: string): string | undefined {
  try {
    const said: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'));
    return typeof said === 'object' && said !== null && 'challenge' in said && typeof said.challenge === 'string'
      ? said.challenge
      : undefined;
  } catch {
    return undefined;
  }
}

/** Transports as they are kept: those that are known, each once. */
const transportsOf = (said: readonly string[]): string[] => [
  ...new Set(said.filter((text) => PASSKEY_TRANSPORTS.has(text))),
];

/**
 * The key of a new passkey, as its browser has made it here and now for whoever was asked. Its owner was verified by the device,
 * so that it may stand for both factors.
 * @throws Refused passkey_refused
 */
export async function readNewPasskey(
  facts: RequestFacts,
  question: PasskeyQuestion,
  answer: z.infer<typeof newPasskeyAnswer>,
): Promise<Omit<NewPasskey, 'passkeyId' | 'name'>> {
  const { id, clientDataJSON, attestationObject, transports } = answer;
  const expectedChallenge = await takeChallenge(facts, question, clientDataJSON);
  const response: RegistrationResponseJSON = {
    id,
    rawId: id,
    type: 'public-key',
    clientExtensionResults: {},
    response: { clientDataJSON, attestationObject },
  };
  const { verifyRegistrationResponse } = await webAuthn();
  const { registrationInfo } = await verifyRegistrationResponse({
    response,
    expectedChallenge,
    ...partyOf(facts),
    requireUserVerification: true,
    supportedAlgorithmIDs: PASSKEY_ALGORITHMS,
  }).catch((cause: unknown) => {
    facts.services.log.info({ requestId: facts.requestId, cause: String(cause) }, 'a new passkey is not right');
    throw refused();
  });
  if (!registrationInfo) throw refused();
  const { credential } = registrationInfo;
  return {
    credentialId: Buffer.from(credential.id, 'base64url'),
    publicKey: Buffer.from(credential.publicKey),
    signCount: credential.counter,
    transports: transportsOf(transports),
  };
}

/**
 * Whose passkey has answered a question: signed with its key, for this installation, by somebody whom the device has verified.
 * Every try is counted, for what it answers and per address (H04). One whose count of signatures falls behind is a copy: it is
 * refused, and stands in the log of its account.
 * @param owner whose it has to be, where that is known already.
 * @throws Refused passkey_refused, too_many_attempts.
 */
export async function tryPasskey(
  facts: RequestFacts,
  question: PasskeyQuestion,
  answer: PasskeyAnswer,
  owner?: AdminId,
): Promise<KnownPasskey> {
  const { services, address, requestId } = facts;
  const tries = await countTry(services, 'sign-in', `passkey for ${question.boundTo.toString('hex')}`, address);
  const expectedChallenge = await takeChallenge(facts, question, answer.clientDataJSON);
  const found = await findPasskey(services.database, Buffer.from(answer.id, 'base64url'));
  if (!found || (owner !== undefined && found.adminId !== owner)) throw refused();
  const signCount = await signCountOf(facts, found, answer, expectedChallenge);
  const at = services.now();
  const isGood =
    signCount !== undefined && (await usePasskey(services.database, { passkeyId: found.passkeyId, signCount, at }));
  if (!isGood) {
    await logAccountAction(services.database, {
      actionId: services.newId(),
      adminId: found.adminId,
      action: 'passkey_refused',
      requestId,
      at,
    });
    throw refused();
  }
  await tries.giveBack();
  return found;
}

/** How often a passkey says that it has signed; undefined where it has not signed this. */
async function signCountOf(
  facts: RequestFacts,
  { publicKey, adminId }: KnownPasskey,
  { id, clientDataJSON, authenticatorData, signature, userHandle }: PasskeyAnswer,
  expectedChallenge: string,
): Promise<number | undefined> {
  // Of whom it says that it is has to be whose it is.
  if (userHandle !== undefined && userHandle !== Buffer.from(userHandleOf(adminId)).toString('base64url'))
    return undefined;
  const response: AuthenticationResponseJSON = {
    id,
    rawId: id,
    type: 'public-key',
    clientExtensionResults: {},
    response: { clientDataJSON, authenticatorData, signature },
  };
  const { verifyAuthenticationResponse } = await webAuthn();
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge,
      ...partyOf(facts),
      requireUserVerification: true,
      // The count is compared by the database, where two at once are one after the other.
      credential: { id, publicKey: new Uint8Array(publicKey), counter: 0 },
    });
    return verified ? authenticationInfo.newCounter : undefined;
  } catch (cause) {
    facts.services.log.info({ requestId: facts.requestId, cause: String(cause) }, 'a passkey is not right');
    return undefined;
  }
}
