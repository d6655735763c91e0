import type { AccountMailKind } from '@souk/db/identity';

export type AccountMailText = {
  readonly subject: string;
  readonly lead: (facts: { readonly email: string; readonly newEmail: string }) => string;
  /** Whether device, place and time are told. */
  readonly tellsFacts: boolean;
  /** What the link does. */
  readonly open: string;
  readonly end: string;
};
type Texts = {
  readonly hello: (name: string) => string;
  readonly clock: (city: string) => string;
  readonly mails: Readonly<Record<AccountMailKind, AccountMailText>>;
};

const EN_NOT_YOU =
  'If that was you, there is nothing to do. If not, set another password at once: it ends every session.';
const DE_NOT_YOU =
  'Waren Sie das, ist nichts zu tun. Wenn nicht, setzen Sie sofort ein anderes Passwort: Es beendet alle Sitzungen.';
const EN_LOOK = 'Look at your account';
const DE_LOOK = 'Ihr Konto ansehen';

/** What the mails of an account say. Nothing that anybody has typed but names and addresses of the account's own is in them (H13). */
export const ACCOUNT_MAIL_TEXTS: Readonly<Record<'en' | 'de', Texts>> = {
  en: {
    hello: (name) => `Hello ${name},`,
    clock: (city) => `${city} time`,
    mails: {
      new_sign_in: {
        subject: 'A new browser has signed in to your account',
        lead: () => 'somebody has signed in to your account with a browser that we have not seen before:',
        tellsFacts: true,
        open: 'See where you are signed in',
        end: `Where it was comes from the browser’s clock and a part of its address. ${EN_NOT_YOU}`,
      },
      password_reset: {
        subject: 'Set a new password',
        lead: () => 'somebody, we hope you, wants to set a new password for your account.',
        tellsFacts: false,
        open: 'Set a new password',
        end: 'The link is good for an hour and works once. If you did not ask for it, leave it be: nothing has changed.',
      },
      password_was_reset: {
        subject: 'Your password was set anew',
        lead: () => 'your password was set anew by a link that we had sent you. Every session has ended.',
        tellsFacts: false,
        open: EN_LOOK,
        end: 'If that was not you, somebody reads your mail: change the password of your mailbox first, then set a new one here.',
      },
      password_changed: {
        subject: 'Your password was changed',
        lead: () => 'your password was changed, and every other session has ended.',
        tellsFacts: false,
        open: EN_LOOK,
        end: EN_NOT_YOU,
      },
      email_change_old: {
        subject: 'Confirm that your address changes',
        lead: ({ newEmail }) => `your account is to have the address ${newEmail}. Confirm it here and at the new one.`,
        tellsFacts: false,
        open: 'Confirm the change',
        end: 'The link is good for a day. If you did not ask for it, do not confirm, and change your password.',
      },
      email_change_new: {
        subject: 'Confirm your new address',
        lead: ({ email }) => `the account of ${email} is to have this address. Confirm that it is yours.`,
        tellsFacts: false,
        open: 'Confirm the address',
        end: 'The link is good for a day. If you do not know what this is about, leave it be.',
      },
      second_factor_added: {
        subject: 'Your account has another way to prove that it is you',
        lead: () => 'an authenticator app was added to your account.',
        tellsFacts: false,
        open: EN_LOOK,
        end: EN_NOT_YOU,
      },
      second_factor_removed: {
        subject: 'A way to prove that it is you was removed',
        lead: () => 'an authenticator app was removed from your account.',
        tellsFacts: false,
        open: EN_LOOK,
        end: EN_NOT_YOU,
      },
      recovery_code_used: {
        subject: 'A recovery code was used',
        lead: () => 'somebody has signed in to your account with one of its recovery codes.',
        tellsFacts: false,
        open: EN_LOOK,
        end: `It works once. When few are left, make new ones. ${EN_NOT_YOU}`,
      },
      recovery_codes_made: {
        subject: 'New recovery codes were made',
        lead: () => 'new recovery codes were made for your account; those before have stopped working.',
        tellsFacts: false,
        open: EN_LOOK,
        end: EN_NOT_YOU,
      },
      second_factor_guessed: {
        subject: 'Somebody who knows your password tries to sign in',
        lead: () => 'somebody has given your password, and then several wrong codes. They are not in.',
        tellsFacts: false,
        open: EN_LOOK,
        end: 'If that was you, there is nothing to do: a recovery code or a passkey lets you in as well. If not, somebody knows your password: set another one at once, it ends every session.',
      },
      second_factors_taken: {
        subject: 'Your second factors were taken away',
        lead: () =>
          'whoever runs this installation has taken away your passkeys, your authenticator app and your recovery codes, because you had lost them. Every session has ended, and your password alone signs in.',
        tellsFacts: false,
        open: EN_LOOK,
        end: 'Set up a new second factor at once. If you did not ask for it, set another password first, by “Forgot your password?”, and tell them.',
      },
      passkey_added: {
        subject: 'Your account has another passkey',
        lead: () => 'a passkey was added to your account. It signs in without your password.',
        tellsFacts: false,
        open: EN_LOOK,
        end: 'If that was you, there is nothing to do. If not, remove it on the page of your account at once, and set another password.',
      },
      passkey_removed: {
        subject: 'A passkey was removed',
        lead: () => 'a passkey was removed from your account. It does not sign in any more.',
        tellsFacts: false,
        open: EN_LOOK,
        end: EN_NOT_YOU,
      },
    },
  },
  de: {
    hello: (name) => `Guten Tag ${name},`,
    clock: (city) => `Zeit von ${city}`,
    mails: {
      new_sign_in: {
        subject: 'Ein neuer Browser hat sich bei Ihrem Konto angemeldet',
        lead: () => 'jemand hat sich mit einem Browser bei Ihrem Konto angemeldet, den wir noch nicht kennen:',
        tellsFacts: true,
        open: 'Ansehen, wo Sie angemeldet sind',
        end: `Der Ort ergibt sich aus der Uhr des Browsers und einem Teil seiner Adresse. ${DE_NOT_YOU}`,
      },
      password_reset: {
        subject: 'Ein neues Passwort setzen',
        lead: () => 'jemand, hoffentlich Sie, möchte ein neues Passwort für Ihr Konto setzen.',
        tellsFacts: false,
        open: 'Neues Passwort setzen',
        end: 'Der Link gilt eine Stunde und einmal. Haben Sie nicht darum gebeten, brauchen Sie nichts zu tun: Es hat sich nichts geändert.',
      },
      password_was_reset: {
        subject: 'Ihr Passwort wurde neu gesetzt',
        lead: () => 'Ihr Passwort wurde über einen Link von uns neu gesetzt. Alle Sitzungen sind beendet.',
        tellsFacts: false,
        open: DE_LOOK,
        end: 'Waren Sie das nicht, liest jemand Ihre Mails: Ändern Sie zuerst das Passwort Ihres Postfachs, dann setzen Sie hier ein neues.',
      },
      password_changed: {
        subject: 'Ihr Passwort wurde geändert',
        lead: () => 'Ihr Passwort wurde geändert, und alle anderen Sitzungen sind beendet.',
        tellsFacts: false,
        open: DE_LOOK,
        end: DE_NOT_YOU,
      },
      email_change_old: {
        subject: 'Bestätigen Sie, dass sich Ihre Adresse ändert',
        lead: ({ newEmail }) =>
          `Ihr Konto soll die Adresse ${newEmail} bekommen. Bestätigen Sie es hier und bei der neuen.`,
        tellsFacts: false,
        open: 'Änderung bestätigen',
        end: 'Der Link gilt einen Tag. Haben Sie nicht darum gebeten, bestätigen Sie nicht und ändern Sie Ihr Passwort.',
      },
      email_change_new: {
        subject: 'Bestätigen Sie Ihre neue Adresse',
        lead: ({ email }) => `das Konto von ${email} soll diese Adresse bekommen. Bestätigen Sie, dass es Ihre ist.`,
        tellsFacts: false,
        open: 'Adresse bestätigen',
        end: 'Der Link gilt einen Tag. Wissen Sie nicht, worum es geht, brauchen Sie nichts zu tun.',
      },
      second_factor_added: {
        subject: 'Ihr Konto hat einen weiteren Nachweis',
        lead: () => 'zu Ihrem Konto kam eine Authenticator-App hinzu.',
        tellsFacts: false,
        open: DE_LOOK,
        end: DE_NOT_YOU,
      },
      second_factor_removed: {
        subject: 'Ein Nachweis wurde entfernt',
        lead: () => 'eine Authenticator-App wurde von Ihrem Konto entfernt.',
        tellsFacts: false,
        open: DE_LOOK,
        end: DE_NOT_YOU,
      },
      recovery_code_used: {
        subject: 'Ein Wiederherstellungscode wurde benutzt',
        lead: () => 'jemand hat sich mit einem Wiederherstellungscode bei Ihrem Konto angemeldet.',
        tellsFacts: false,
        open: DE_LOOK,
        end: `Er gilt einmal. Sind nur noch wenige übrig, erzeugen Sie neue. ${DE_NOT_YOU}`,
      },
      recovery_codes_made: {
        subject: 'Neue Wiederherstellungscodes wurden erzeugt',
        lead: () => 'für Ihr Konto wurden neue Wiederherstellungscodes erzeugt; die vorigen gelten nicht mehr.',
        tellsFacts: false,
        open: DE_LOOK,
        end: DE_NOT_YOU,
      },
      second_factor_guessed: {
        subject: 'Jemand kennt Ihr Passwort und versucht sich anzumelden',
        lead: () => 'jemand hat Ihr Passwort eingegeben und danach mehrere falsche Codes. Angemeldet ist er nicht.',
        tellsFacts: false,
        open: DE_LOOK,
        end: 'Waren Sie das, ist nichts zu tun: Auch ein Wiederherstellungscode oder ein Passkey meldet Sie an. Wenn nicht, kennt jemand Ihr Passwort: Setzen Sie sofort ein anderes, das beendet alle Sitzungen.',
      },
      second_factors_taken: {
        subject: 'Ihre zweiten Faktoren wurden entfernt',
        lead: () =>
          'wer diese Installation betreibt, hat Ihre Passkeys, Ihre Authenticator-App und Ihre Wiederherstellungscodes entfernt, weil Sie sie verloren hatten. Alle Sitzungen sind beendet, und Ihr Passwort allein meldet Sie an.',
        tellsFacts: false,
        open: DE_LOOK,
        end: 'Richten Sie sofort einen neuen zweiten Faktor ein. Haben Sie nicht darum gebeten, setzen Sie zuerst über „Passwort vergessen?“ ein anderes Passwort und sagen Sie es dem Betreiber.',
      },
      passkey_added: {
        subject: 'Ihr Konto hat einen weiteren Passkey',
        lead: () => 'zu Ihrem Konto kam ein Passkey hinzu. Mit ihm meldet man sich ohne Ihr Passwort an.',
        tellsFacts: false,
        open: DE_LOOK,
        end: 'Waren Sie das, ist nichts zu tun. Wenn nicht, entfernen Sie ihn sofort auf der Seite Ihres Kontos und setzen Sie ein anderes Passwort.',
      },
      passkey_removed: {
        subject: 'Ein Passkey wurde entfernt',
        lead: () => 'ein Passkey wurde von Ihrem Konto entfernt. Er meldet nicht mehr an.',
        tellsFacts: false,
        open: DE_LOOK,
        end: DE_NOT_YOU,
      },
    },
  },
};
