/**
 * All migrations in their order. A name, once released, never changes. They stand apart from what they do, so that a
 * process can ask whether all have run without loading what runs them.
 */
export const MIGRATION_NAMES = [
  '20261125000000-first',
  '20261126000000-checkout-limits',
  '20261127000000-sign-in-tries',
  '20261128000000-carts-of-session',
  '20261129000000-exact-amounts',
  '20261205000000-set-up',
  '20261206000000-invitations',
  '20261207000000-whole-versions',
  '20261208000000-end-of-the-log',
  '20261209000000-last-movement',
  '20261210000000-proved-sessions',
  '20261210100000-account-sessions',
  '20261210200000-account-mails',
  '20261210300000-second-factors',
  '20261210400000-required-factors',
  '20261211000000-site-settings',
  '20261211010000-operator-log',
  '20261211020000-site-transitions',
  '20261211030000-further-operators',
  '20261212000000-roles-and-keys',
  '20261213000000-domains',
  '20261213100000-activity',
  '20261213200000-activity-seals',
  '20261214000000-copies',
  '20261214010000-held-after-restore',
  '20261215000000-passkeys',
  '20261215010000-guessed-codes',
  '20261216000000-chosen-language',
] as const;
