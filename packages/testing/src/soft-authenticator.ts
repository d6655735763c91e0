import { type KeyObject, createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { cose, isoCBOR } from '@simplewebauthn/server/helpers';

type MakeOptions = {
  readonly challenge: string;
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string };
};
type AskOptions = { readonly challenge: string; readonly rpId: string };

/** What is wrong with an answer, where something is. */
export type Wrong = {
  readonly origin?: string;
  readonly type?: string;
  readonly challenge?: string;
  readonly rpId?: string;
  /** Whether the device says that it has verified its owner. */
  readonly isVerified?: boolean;
  readonly signCount?: number;
  /** Signs with another key than the one it was made with. */
  readonly key?: KeyObject;
  readonly userHandle?: string;
};

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes: string | Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_KEY = 0x40;

const clientDataOf = (type: string, challenge: string, origin: string, wrong: Wrong): string =>
  base64url(
    Buffer.from(
      JSON.stringify({
        type: wrong.type ?? type,
        challenge: wrong.challenge ?? challenge,
        origin: wrong.origin ?? origin,
        crossOrigin: false,
      }),
    ),
  );

function authenticatorData(rpId: string, signCount: number, wrong: Wrong, key?: Buffer): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(wrong.signCount ?? signCount);
  const flags = USER_PRESENT | (wrong.isVerified === false ? 0 : USER_VERIFIED) | (key ? HAS_KEY : 0);
  return Buffer.concat([sha256(wrong.rpId ?? rpId), Buffer.from([flags]), count, key ?? Buffer.alloc(0)]);
}

/** The public half of a P-256 key in COSE's form, as a passkey hands it over. */
function coseKey(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const map = new Map<number, number | Uint8Array>([
    [cose.COSEKEYS.kty, cose.COSEKTY.EC2],
    [cose.COSEKEYS.alg, cose.COSEALG.ES256],
    [cose.COSEKEYS.crv, cose.COSECRV.P256],
    [cose.COSEKEYS.x, new Uint8Array(Buffer.from(x, 'base64url'))],
    [cose.COSEKEYS.y, new Uint8Array(Buffer.from(y, 'base64url'))],
  ]);
  return Buffer.from(isoCBOR.encode(map));
}

/** A device that keeps one passkey: real keys and real signatures, and whatever is to be wrong with them. */
export function softAuthenticator({
  origin,
  credentialId = randomBytes(32),
  counts = true,
}: {
  readonly origin: string;
  readonly credentialId?: Buffer;
  /** Whether it counts what it signs; those that are kept in several places do not. */
  readonly counts?: boolean;
}) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let signCount = 0;
  let userHandle = '';
  const id = base64url(credentialId);
  const next = (): number => (counts ? (signCount += 1) : 0);
  return {
    id,
    /** Makes the passkey: what the browser sends for `navigator.credentials.create`. */
    make(options: MakeOptions, wrong: Wrong = {}) {
      userHandle = options.user.id;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(credentialId.length);
      const key = Buffer.concat([Buffer.alloc(16), length, credentialId, coseKey(publicKey)]);
      const attestation = new Map<string, string | Uint8Array | Map<string, never>>([
        ['fmt', 'none'],
        ['attStmt', new Map<string, never>()],
        ['authData', new Uint8Array(authenticatorData(options.rp.id, next(), wrong, key))],
      ]);
      return {
        id,
        clientDataJSON: clientDataOf('webauthn.create', options.challenge, origin, wrong),
        attestationObject: base64url(isoCBOR.encode(attestation)),
        transports: ['internal'],
      };
    },
    /** Answers with the passkey: what it sends for `navigator.credentials.get`. */
    answer(options: AskOptions, wrong: Wrong = {}) {
      const clientDataJSON = clientDataOf('webauthn.get', options.challenge, origin, wrong);
      const data = authenticatorData(options.rpId, next(), wrong);
      const signed = Buffer.concat([data, sha256(Buffer.from(clientDataJSON, 'base64url'))]);
      return {
        id,
        clientDataJSON,
        authenticatorData: base64url(data),
        signature: base64url(sign('sha256', signed, wrong.key ?? privateKey)),
        userHandle: wrong.userHandle ?? userHandle,
      };
    },
  };
}

export type SoftAuthenticator = ReturnType<typeof softAuthenticator>;
