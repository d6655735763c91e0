import { i18n } from './words.ts';
import { clockCity } from '@souk/domain/identity';

const ACTIONS: Readonly<Record<string, string>> = {
  installation_set_up: i18n.t('You set this installation up'),
  invitation_accepted: i18n.t('You accepted an invitation to a site'),
  signed_in: i18n.t('Signed in'),
  signed_in_by_passkey: i18n.t('Signed in by passkey'),
  signed_out: i18n.t('Signed out'),
  sign_in_refused: i18n.t('Somebody tried to sign in with a wrong password'),
  proved: i18n.t('You confirmed that it is you'),
  proof_refused: i18n.t('A wrong password was given to confirm that it is you'),
  renamed: i18n.t('Your name was changed'),
  language_chosen: i18n.t('You chose a language'),
  password_changed: i18n.t('Your password was changed, and all other sessions ended'),
  reset_requested: i18n.t('A link to set a new password was asked for'),
  password_reset: i18n.t('Your password was set anew by a link, and all sessions ended'),
  email_change_requested: i18n.t('Another address was asked for'),
  email_change_dropped: i18n.t('The old address was kept'),
  email_changed: i18n.t('Your address was changed'),
  second_factor_added: i18n.t('An authenticator app was set up'),
  second_factor_removed: i18n.t('The authenticator app was turned off'),
  passkey_added: i18n.t('A passkey was added'),
  passkey_renamed: i18n.t('A passkey was renamed'),
  passkey_removed: i18n.t('A passkey was removed'),
  passkey_refused: i18n.t('A passkey of yours was used in a way that we did not trust'),
  second_factor_refused: i18n.t('A wrong code was given as second factor'),
  second_factors_taken: i18n.t('Whoever runs this installation took your second factors away, and all sessions ended'),
  recovery_code_used: i18n.t('A recovery code was used'),
  recovery_codes_made: i18n.t('New recovery codes were made'),
  session_ended: i18n.t('One of your sessions was ended'),
  other_sessions_ended: i18n.t('All other sessions were ended'),
};

/** What happened to an account, told to whoever it belongs to. */
export const accountActionWords = (action: string): string =>
  ACTIONS[action] ?? `${action.charAt(0).toUpperCase()}${action.slice(1).replaceAll('_', ' ')}`;

const placeWords = (timeZone: string): string => {
  const city = clockCity(timeZone);
  return city === '' ? '' : i18n.t('{city} time', { city });
};

/** Where a session is, in words, as far as anything tells; empty where nothing does. */
export const whereWords = ({
  timeZone,
  network = '',
}: {
  readonly timeZone: string;
  readonly network?: string;
}): string =>
  [placeWords(timeZone), network === '' ? '' : i18n.t('network {network}', { network })].filter(Boolean).join(', ');
