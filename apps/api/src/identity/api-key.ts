import { hashToken, newToken } from './session.ts';

/** A key's secret, made anew, and what is kept of it. */
export const newKeySecret = (): { secret: string; keyHash: Buffer } => {
  const secret = newToken();
  return { secret, keyHash: hashToken(secret) };
};

/** The key as a service sends it: `souk_<key id>_<secret>`. Its id tells which one it is, in lists and in logs. */
export const apiKeyText = (apiKeyId: string, secret: string): string => `souk_${apiKeyId}_${secret}`;

const SHAPE = /^Bearer souk_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;

/** Reads the `Authorization` header of a service; undefined when it holds no key of ours. */
export function readApiKey(header: string | undefined): { apiKeyId: string; keyHash: Buffer } | undefined {
  const [, apiKeyId, secret] = SHAPE.exec(header ?? '') ?? [];
  return apiKeyId !== undefined && secret !== undefined ? { apiKeyId, keyHash: hashToken(secret) } : undefined;
}
