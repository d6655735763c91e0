import { i18n } from './words.ts';
import type { Api } from './api.ts';
import { DeviceRefused } from './refusal.ts';

type Client = Api['client']['passkeys'];
type AskOptions = Awaited<ReturnType<Client['beginSignIn']['mutate']>>['options'];
type MakeOptions = Awaited<ReturnType<Client['begin']['mutate']>>['options'];

/** Whether this browser, at this address, knows passkeys at all. */
export const knowsPasskeys = (): boolean => typeof window.PublicKeyCredential === 'function';

/** The half of it that few need is loaded when it is needed. */
const browserHalf = () => import('@simplewebauthn/browser');

/** Why nothing came of it, in words for whoever sits there. */
function deviceRefused(error: unknown): DeviceRefused {
  const name = error instanceof Error ? error.name : '';
  if (name === 'InvalidStateError')
    return new DeviceRefused(i18n.t('This device has a passkey for your account already.'));
  if (name === 'NotAllowedError' || name === 'AbortError')
    return new DeviceRefused(i18n.t('No passkey was used: it was cancelled, or took too long. You can try again.'));
  if (name === 'SecurityError')
    return new DeviceRefused(
      i18n.t('Passkeys do not work at this address. Open the admin by its own name, over https.'),
    );
  return new DeviceRefused(i18n.t('This device cannot do that. Try another one, or a security key with a PIN.'));
}

/** Lets the device make a passkey, and gives what the server needs to know of it. */
export async function makePasskey(options: MakeOptions) {
  const { startRegistration } = await browserHalf();
  const { id, response } = await startRegistration({ optionsJSON: options }).catch((error: unknown) => {
    throw deviceRefused(error);
  });
  const { clientDataJSON, attestationObject, transports = [] } = response;
  return { id, clientDataJSON, attestationObject, transports };
}

/** Lets the device answer with a passkey that it has. */
export async function answerWithPasskey({ allowCredentials, ...options }: AskOptions) {
  const { startAuthentication } = await browserHalf();
  const optionsJSON = allowCredentials ? { ...options, allowCredentials } : options;
  const { id, response } = await startAuthentication({ optionsJSON }).catch((error: unknown) => {
    throw deviceRefused(error);
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  return { id, clientDataJSON, authenticatorData, signature, userHandle };
}
