import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import pLimit from 'p-limit';
import { Refused } from '../trpc/refusals.ts';

/** Cost of a hash, after OWASP's password storage cheat sheet: argon2id, 19 MiB, 2 passes, 1 lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const TAG_BYTES = 32;

type Cost = { readonly memory: number; readonly passes: number; readonly parallelism: number };

/**
 * How many are hashed at once, and how many may wait. Node has four threads for what it does aside: files are read on them
 * too, so half of them stay free, and as many cores are busy with it as a small machine has.
 */
const AT_ONCE = 2;
const WAITING = 100;
const slots = pLimit(AT_ONCE);

/** @throws Refused try_again when so many wait already that nobody would wait for the answer. */
const hash = async (password: string, nonce: Buffer, cost: Cost): Promise<Buffer> => {
  if (slots.pendingCount >= WAITING)
    throw new Refused({ code: 'try_again', message: 'Many people are signing in at this moment. Wait a few seconds.' });
  return slots(() => hashNow(password, nonce, cost));
};

const hashNow = (password: string, nonce: Buffer, cost: Cost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    argon2('argon2id', { message: password.normalize('NFKC'), nonce, ...cost, tagLength: TAG_BYTES }, (error, tag) =>
      error ? reject(error) : resolve(Buffer.from(tag)),
    );
  });

/** Hashes a password into the PHC string form, cost and salt included. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await hash(password, nonce, COST);
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${b64(nonce)}$${b64(tag)}`;
}

const b64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** Whether the password is the one of the hash, in time that does not tell how near it was. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(stored);
  if (!match) return false;
  const [, memory, passes, parallelism, nonce = '', tag = ''] = match;
  const wanted = Buffer.from(tag, 'base64');
  const got = await hash(password, Buffer.from(nonce, 'base64'), {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  });
  return wanted.length === got.length && timingSafeEqual(wanted, got);
}

/** Whether a stored hash costs less than one that is made today. */
export function isCheaper(stored: string): boolean {
  const [, memory = '0', passes = '0'] = /\$m=(\d+),t=(\d+),/.exec(stored) ?? [];
  return Number(memory) < COST.memory || Number(passes) < COST.passes;
}

let decoy: Promise<string> | undefined;
/** A hash nobody's password fits: checking against it makes an unknown address cost the same time as a known one (H04). */
export const decoyHash = (): Promise<string> => (decoy ??= hashPassword(randomBytes(16).toString('hex')));
