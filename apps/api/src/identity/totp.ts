import { type MasterKey, seal, unseal } from '@souk/db';
import { Secret, TOTP } from 'otpauth';

const PERIOD = 30;

const purposeOf = (adminId: string): string => `totp of ${adminId}`;

const totpOf = (secret: Secret, label = ''): TOTP =>
  new TOTP({ issuer: 'Souk', label, algorithm: 'SHA1', digits: 6, period: PERIOD, secret });

/** A new secret for an authenticator app: sealed to be kept, as text to be typed, and as what a picture of it says. */
export function newTotpSecret(
  key: MasterKey,
  { adminId, email }: { readonly adminId: string; readonly email: string },
): { sealed: Buffer; setupKey: string; uri: string } {
  const secret = new Secret({ size: 20 });
  return {
    sealed: seal(key, purposeOf(adminId), new Uint8Array(secret.buffer)),
    setupKey: secret.base32,
    uri: totpOf(secret, email).toString(),
  };
}

/**
 * The step of which this is the code: the present one, or the one before or after it, since clocks differ a little. Undefined
 * when it is none of them. Whether it was used already is asked of the database.
 */
export function totpStep(
  key: MasterKey,
  adminId: string,
  { sealed, code, at }: { readonly sealed: Buffer; readonly code: string; readonly at: Date },
): number | undefined {
  const bytes = unseal(key, purposeOf(adminId), sealed);
  const secret = new Secret({ buffer: new Uint8Array(bytes).buffer });
  const delta = totpOf(secret).validate({ token: code, timestamp: at.getTime(), window: 1 });
  return delta === null ? undefined : Math.floor(at.getTime() / 1000 / PERIOD) + delta;
}
