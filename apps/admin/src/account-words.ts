import { placeWords } from '@souk/domain/identity';

const ACTIONS: Readonly<Record<string, string>> = {
  installation_set_up: 'You set this installation up',
  invitation_accepted: 'You accepted an invitation to a site',
  signed_in: 'Signed in',
  signed_out: 'Signed out',
  sign_in_refused: 'Somebody tried to sign in with a wrong password',
  proved: 'You confirmed that it is you',
  proof_refused: 'A wrong password was given to confirm that it is you',
  renamed: 'Your name was changed',
  password_changed: 'Your password was changed, and all other sessions ended',
  reset_requested: 'A link to set a new password was asked for',
  password_reset: 'Your password was set anew by a link, and all sessions ended',
  email_change_requested: 'Another address was asked for',
  email_change_dropped: 'The old address was kept',
  email_changed: 'Your address was changed',
  second_factor_added: 'An authenticator app was set up',
  second_factor_removed: 'The authenticator app was turned off',
  passkey_added: 'A passkey was added',
  passkey_renamed: 'A passkey was renamed',
  passkey_removed: 'A passkey was removed',
  passkey_refused: 'A passkey of yours was used in a way that we did not trust',
  second_factor_refused: 'A wrong code was given as second factor',
  recovery_code_used: 'A recovery code was used',
  recovery_codes_made: 'New recovery codes were made',
  session_ended: 'One of your sessions was ended',
  other_sessions_ended: 'All other sessions were ended',
};

/** What happened to an account, told to whoever it belongs to. */
export const accountActionWords = (action: string): string =>
  ACTIONS[action] ?? `${action.charAt(0).toUpperCase()}${action.slice(1).replaceAll('_', ' ')}`;

/** Where a session is, in words, as far as anything tells; empty where nothing does. */
export const whereWords = ({
  timeZone,
  network = '',
}: {
  readonly timeZone: string;
  readonly network?: string;
}): string => [placeWords(timeZone), network === '' ? '' : `network ${network}`].filter(Boolean).join(', ');
