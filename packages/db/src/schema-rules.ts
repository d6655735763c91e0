/** Tables that exist before a site is known, and so carry no policy by site: the whole list (G1). */
export const PLATFORM_TABLES: ReadonlySet<string> = new Set([
  'installations',
  'sites',
  'domain_mappings',
  'admin_accounts',
  'admin_sessions',
  'operators',
  'operator_action_logs',
  'setup_links',
  'account_action_logs',
  'sign_in_tries',
  'api_key_uses',
  'account_mails',
  'admin_authenticators',
  'recovery_codes',
  'sign_in_challenges',
  'passkey_challenges',
  'known_devices',
  'password_resets',
  'email_changes',
  'permissions',
  'order_transitions_allowed',
  'site_transitions_allowed',
  'applied_migrations',
]);

/** Rows that are written once (G3): the app role may read and add, nothing else. */
export const APPEND_ONLY: ReadonlySet<string> = new Set([
  'order_state_transition_logs',
  'webhook_event_logs',
  'webhook_processing_attempts',
  'admin_action_logs',
  'activity_seals',
  'activity_seal_leaves',
  'account_action_logs',
  'operator_action_logs',
  'email_dispatch_logs',
  'order_items',
  'order_adjustments',
  'order_revisions',
  'payment_entries',
  'payment_evidence',
  'inventory_movements',
  'publication_events',
  'product_version_variants',
  'site_transitions',
]);

/** What append-only rows may still learn: the number of the row that came after them. Keys let it be no other. */
export const FOLLOWED_ROWS: ReadonlyMap<string, readonly string[]> = new Map([
  ['order_state_transition_logs', ['next_n']],
  ['inventory_movements', ['next_n']],
  ['site_transitions', ['next_n']],
]);

/** Version rows: written once, but for the mark of being published. */
export const VERSION_ROWS: ReadonlyMap<string, readonly string[]> = new Map([['product_versions', ['is_published']]]);

/**
 * The only foreign keys that wait for the commit: order, revision and log refer to each other, and so do a version and its
 * variants, a site and the log of its status; and what delivery costs moves with the site's currency.
 */
export const DEFERRABLE: ReadonlySet<string> = new Set([
  'orders',
  'order_revisions',
  'order_state_transition_logs',
  'product_versions',
  'product_version_variants',
  'shipping_methods',
  'site_configurations',
  'sites',
  'site_transitions',
]);

/** What the app role may do with platform tables: make a site and its first people, name it, and read what is no secret. */
export const APP_ON_PLATFORM: ReadonlyMap<string, readonly string[]> = new Map([
  ['sites', ['SELECT', 'INSERT', 'UPDATE']],
  ['domain_mappings', ['SELECT', 'INSERT', 'UPDATE']],
  ['admin_accounts', ['INSERT']],
  ['account_action_logs', ['INSERT']],
  ['operators', ['INSERT']],
  ['operator_action_logs', ['INSERT']],
  ['setup_links', ['SELECT', 'UPDATE']],
  ['permissions', ['SELECT']],
  ['order_transitions_allowed', ['SELECT']],
  ['site_transitions_allowed', ['SELECT']],
]);

/** The site tables that each role outside a site may look into, and how: its look-ups and nothing else. */
export const OUTSIDE_GRANTS: Readonly<Record<'souk_platform' | 'souk_relay', ReadonlyMap<string, readonly string[]>>> =
  {
    souk_platform: new Map([
      ['roles', ['SELECT']],
      ['role_permissions', ['SELECT']],
      ['admin_site_memberships', ['SELECT']],
      ['site_invitations', ['SELECT']],
      ['support_accesses', ['SELECT']],
      ['site_configurations', ['SELECT']],
      ['api_keys', ['SELECT', 'UPDATE']],
      ['domain_claims', ['SELECT', 'UPDATE']],
      ['admin_action_logs', ['SELECT']],
      ['activity_seals', ['SELECT']],
      ['api_key_permissions', ['SELECT']],
      ['payment_configurations', ['SELECT']],
    ]),
    souk_relay: new Map([
      ['outbox_events', ['SELECT', 'UPDATE', 'DELETE']],
      ['idempotency_keys', ['SELECT', 'DELETE']],
      ['orders', ['SELECT']],
      ['payments', ['SELECT']],
    ]),
  };
