import type { Migration } from '@mikro-orm/migrations';
import { First } from './20261125000000-first.ts';
import { CheckoutLimits } from './20261126000000-checkout-limits.ts';
import { SignInTries } from './20261127000000-sign-in-tries.ts';
import { CartsOfSession } from './20261128000000-carts-of-session.ts';
import { ExactAmounts } from './20261129000000-exact-amounts.ts';
import { SetUp } from './20261205000000-set-up.ts';
import { Invitations } from './20261206000000-invitations.ts';
import { WholeVersions } from './20261207000000-whole-versions.ts';
import { EndOfTheLog } from './20261208000000-end-of-the-log.ts';
import { LastMovement } from './20261209000000-last-movement.ts';
import { ProvedSessions } from './20261210000000-proved-sessions.ts';
import { SiteSettings } from './20261211000000-site-settings.ts';
import { AccountMails } from './20261210200000-account-mails.ts';
import { AccountSessions } from './20261210100000-account-sessions.ts';
import { OperatorLog } from './20261211010000-operator-log.ts';
import { SiteTransitions } from './20261211020000-site-transitions.ts';
import { RolesAndKeys } from './20261212000000-roles-and-keys.ts';
import { Domains } from './20261213000000-domains.ts';
import { ActivitySeals } from './20261213200000-activity-seals.ts';
import { Activity } from './20261213100000-activity.ts';
import { Copies } from './20261214000000-copies.ts';
import { RequiredFactors } from './20261210400000-required-factors.ts';
import { SecondFactors } from './20261210300000-second-factors.ts';
import { HeldAfterRestore } from './20261214010000-held-after-restore.ts';
import { SupportAccess } from './20261217000000-support-access.ts';
import { FurtherOperators } from './20261211030000-further-operators.ts';
import { Passkeys } from './20261215000000-passkeys.ts';
import { GuessedCodes } from './20261215010000-guessed-codes.ts';
import { LostFactors } from './20261215020000-lost-factors.ts';
import { ChosenLanguage } from './20261216000000-chosen-language.ts';
import { MIGRATION_NAMES } from './names.ts';

type MigrationClass = new (...all: ConstructorParameters<typeof Migration>) => Migration;

/** What each migration does; one without a line here does not compile. */
const CLASSES: Readonly<Record<(typeof MIGRATION_NAMES)[number], MigrationClass>> = {
  '20261125000000-first': First,
  '20261126000000-checkout-limits': CheckoutLimits,
  '20261127000000-sign-in-tries': SignInTries,
  '20261128000000-carts-of-session': CartsOfSession,
  '20261129000000-exact-amounts': ExactAmounts,
  '20261205000000-set-up': SetUp,
  '20261206000000-invitations': Invitations,
  '20261207000000-whole-versions': WholeVersions,
  '20261208000000-end-of-the-log': EndOfTheLog,
  '20261209000000-last-movement': LastMovement,
  '20261210000000-proved-sessions': ProvedSessions,
  '20261211000000-site-settings': SiteSettings,
  '20261210100000-account-sessions': AccountSessions,
  '20261211010000-operator-log': OperatorLog,
  '20261211020000-site-transitions': SiteTransitions,
  '20261211030000-further-operators': FurtherOperators,
  '20261212000000-roles-and-keys': RolesAndKeys,
  '20261213000000-domains': Domains,
  '20261210200000-account-mails': AccountMails,
  '20261213100000-activity': Activity,
  '20261213200000-activity-seals': ActivitySeals,
  '20261214000000-copies': Copies,
  '20261210300000-second-factors': SecondFactors,
  '20261214010000-held-after-restore': HeldAfterRestore,
  '20261217000000-support-access': SupportAccess,
  '20261210400000-required-factors': RequiredFactors,
  '20261215000000-passkeys': Passkeys,
  '20261215010000-guessed-codes': GuessedCodes,
  '20261215020000-lost-factors': LostFactors,
  '20261216000000-chosen-language': ChosenLanguage,
};

export const migrations = MIGRATION_NAMES.map((name) => ({ name, class: CLASSES[name] }));
