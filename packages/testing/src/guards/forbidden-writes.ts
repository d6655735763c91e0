import { v7 } from 'uuid';
import type { Ids, Row } from './filled-site.ts';

/**
 * One write that must be refused. It is the last row of the guard's table in `filledSite`, with one thing wrong, in the
 * company of all that belongs to it; so nothing but the guard can refuse it.
 */
export type ForbiddenWrite = {
  /** What is wrong with the row. */
  readonly change?: Row;
  /** What is changed in rows of other tables written with it, so that nothing else refuses. */
  readonly also?: Readonly<Record<string, Row>>;
  /** The true row is written, and then once more with this change. */
  readonly again?: Row;
  /** The true row is written, and then this statement is tried. */
  readonly after?: string;
  /** Other guards that refuse the same write: only all of them together let it through. */
  readonly coveredBy?: readonly string[];
};

const nobody = '01930000-0000-7000-8000-00000000dead';
/** Half a hundredth of a cent: no currency here has so many decimals. */
const dust = 0.0005;
const word = 'no such word';
/** An authenticator app in the place of a passkey. */
const anApp = {
  kind: 'totp',
  secret_sealed: '\\x00',
  name: null,
  credential_id: null,
  public_key: null,
  sign_count: null,
  transports: null,
};

const orderIs = (x: Ids, status: string, n: number): string =>
  `update orders set status = '${status}', last_transition = ${n} where order_id = '${x.order}'`;
/** The order where it was before its last step, with nothing after it. */
const orderAtTwo = (x: Ids): string =>
  `update order_state_transition_logs set next_n = 0 where order_id = '${x.order}' and n = 2; ${orderIs(x, 'pending_payment', 2)}`;

/**
 * Every check, key and foreign key of the schema but those that each table has alike (its site, its primary key, NOT NULL),
 * with a write that it alone refuses. `other` is a second site of the same installation.
 */
export const forbiddenWrites = (x: Ids, other: Ids): Readonly<Record<string, ForbiddenWrite>> => ({
  // identity
  'sites.sites_name_check': { change: { name: '' } },
  'sites.sites_status_check': { change: { status: word }, coveredBy: ['sites.sites_current_transition'] },
  'sites.status_note_is_short': { change: { status_note: 'Open, with a note.' } },
  // A site that stands where its log does not.
  'sites.sites_current_transition': { change: { status: 'archived' } },
  'site_transitions.site_transitions_n_check': {
    change: { n: 0 },
    coveredBy: ['sites.sites_current_transition', 'site_transitions.site_transitions_follows'],
  },
  'site_transitions.site_transitions_actor_kind_check': { change: { actor_kind: word, actor_id: x.admin } },
  'site_transitions.site_transitions_reason_code_check': { change: { reason_code: 'Because of Ada' } },
  'site_transitions.acted_by_somebody': { change: { actor_id: x.admin } },
  'site_transitions.first_is_from_nothing': {
    change: { from_state: 'created', to_state: 'active' },
    after: `update sites set status = 'active' where site_id = '${x.site}'`,
    coveredBy: ['site_transitions.site_transitions_follows'],
  },
  'site_transitions.site_transitions_allowed_step': {
    change: { to_state: 'purged' },
    after: `update sites set status = 'purged' where site_id = '${x.site}'`,
  },
  // From where the site did not stand.
  'site_transitions.site_transitions_follows': { change: { from_state: 'archived', triggered_by: 'admin' } },
  'site_transitions.site_transitions_site_id_transition_id_key': {
    again: { n: 3, from_state: 'suspended', to_state: 'archived', triggered_by: 'admin' },
    coveredBy: ['site_transitions.site_transitions_follows'],
  },
  'sites.sites_handle_check': { change: { handle: '../admin' } },
  'sites.sites_order_prefix_check': { change: { order_prefix: 'lower' } },
  // A second site is made in a transaction of its own site; the policy is out of the way here.
  'sites.sites_handle_key': {
    again: { site_id: v7(), order_prefix: 'ANOTHER' },
    coveredBy: ['sites row-level security', 'sites.sites_current_transition'],
  },
  'sites.sites_order_prefix_key': {
    again: { site_id: v7(), handle: 'another-shop' },
    coveredBy: ['sites row-level security', 'sites.sites_current_transition'],
  },
  'domain_claims.domain_claims_domain_name_check': { change: { domain_name: 'Shop.example' } },
  'domain_claims.domain_claims_challenge_check': { change: { challenge: 'short' } },
  'domain_claims.domain_claims_status_check': { change: { status: word, next_check_at: null } },
  'domain_claims.pending_is_looked_at': { change: { next_check_at: null } },
  'domain_claims.domain_claims_one_open': { again: { claim_id: v7() } },
  'domain_mappings.domain_mappings_domain_name_check': {
    change: { domain_name: 'Shop.example', type: 'platform', claim_id: null, next_check_at: null },
  },
  'domain_mappings.domain_mappings_type_check': { change: { type: word, claim_id: null, next_check_at: null } },
  'domain_mappings.domain_mappings_verification_status_check': {
    change: { verification_status: word, is_primary: false },
  },
  'domain_mappings.primary_is_verified_and_active': { change: { is_active: false } },
  'domain_mappings.custom_was_proved': { change: { claim_id: null } },
  'domain_mappings.grace_has_an_end': { change: { verification_status: 'grace', is_primary: false } },
  'domain_mappings.released_is_not_served': {
    change: { verification_status: 'released', is_primary: false, next_check_at: null },
  },
  'domain_mappings.only_grace_was_primary': { change: { was_primary: true } },
  'domain_mappings.proved_is_looked_at': { change: { next_check_at: null } },
  // A claim of the site that was not proved.
  'domain_mappings.domain_mappings_proof': { change: { claim_id: x.mapping } },
  'domain_mappings.domain_mappings_one_per_claim': {
    again: {
      mapping_id: v7(),
      is_primary: false,
      is_active: false,
      verification_status: 'released',
      next_check_at: null,
    },
  },
  'domain_mappings.domain_mappings_one_active': {
    again: { mapping_id: v7(), is_primary: false, type: 'platform', claim_id: null, next_check_at: null },
  },
  'domain_mappings.domain_mappings_one_primary': {
    again: { mapping_id: v7(), domain_name: 'second.example', type: 'platform', claim_id: null, next_check_at: null },
  },
  'admin_accounts.admin_accounts_email_check': { change: { email: 'Ada@example.org' } },
  'admin_accounts.admin_accounts_name_check': { change: { name: '' } },
  'admin_accounts.admin_accounts_status_check': { change: { status: word } },
  'admin_accounts.admin_accounts_session_epoch_check': { change: { session_epoch: 0 } },
  'admin_accounts.admin_accounts_email_key': { again: { admin_id: v7() } },
  'operators.operators_admin_id_fkey': { change: { admin_id: nobody } },
  'operators.operators_one_first': { change: { is_first: true }, again: { admin_id: x.secondAdmin } },
  'operator_action_logs.operator_action_logs_action_check': { change: { action: '' } },
  'operator_action_logs.operator_action_logs_subject_id_fkey': { change: { subject_id: nobody } },
  // Somebody with an account who runs nothing.
  'operator_action_logs.operator_action_logs_admin_id_fkey': { change: { admin_id: x.secondAdmin } },
  'setup_links.setup_links_singleton_check': { change: { singleton: false } },
  'setup_links.setup_links_token_hash_check': { change: { token_hash: '\\x00' } },
  'setup_links.used_by_somebody': { change: { used_by: null } },
  'setup_links.setup_links_used_by_fkey': { change: { used_by: nobody } },
  'admin_sessions.admin_sessions_token_hash_check': { change: { token_hash: '\\x00' } },
  'admin_sessions.admin_sessions_admin_id_fkey': { change: { admin_id: nobody } },
  'admin_sessions.admin_sessions_token_hash_key': { again: { session_id: v7() } },
  'admin_accounts.admin_accounts_language_check': { change: { language: word } },
  'admin_authenticators.admin_authenticators_kind_check': { change: { kind: word } },
  'admin_authenticators.admin_authenticators_last_step_check': { change: { last_step: -1 } },
  'admin_authenticators.admin_authenticators_admin_id_fkey': { change: { admin_id: nobody } },
  'admin_authenticators.admin_authenticators_one_active': { change: anApp, again: { authenticator_id: v7() } },
  'admin_authenticators.admin_authenticators_name_check': { change: { name: '' } },
  'admin_authenticators.admin_authenticators_credential_id_check': { change: { credential_id: '\\x00' } },
  'admin_authenticators.admin_authenticators_credential_id_key': {
    again: { authenticator_id: v7(), admin_id: x.secondAdmin },
  },
  'admin_authenticators.admin_authenticators_sign_count_check': { change: { sign_count: -1 } },
  'admin_authenticators.admin_authenticators_transports_check': { change: { transports: '{pigeon}' } },
  'admin_authenticators.app_has_a_secret': { change: { ...anApp, secret_sealed: null } },
  'admin_authenticators.passkey_has_a_key': { change: { public_key: null } },
  'passkey_challenges.passkey_challenges_purpose_check': { change: { purpose: word } },
  'passkey_challenges.passkey_challenges_bound_to_check': { change: { bound_to: '\\x00' } },
  'passkey_challenges.passkey_challenges_challenge_hash_check': { change: { challenge_hash: '\\x00' } },
  'recovery_codes.recovery_codes_code_hash_check': { change: { code_hash: '\\x00' } },
  'recovery_codes.recovery_codes_admin_id_fkey': { change: { admin_id: nobody } },
  'sign_in_challenges.sign_in_challenges_token_hash_check': { change: { token_hash: '\\x00' } },
  'sign_in_challenges.sign_in_challenges_tries_check': { change: { tries: 6 } },
  'sign_in_challenges.sign_in_challenges_admin_id_fkey': { change: { admin_id: nobody } },
  'account_mails.account_mails_kind_check': { change: { kind: word } },
  'account_mails.account_mails_admin_id_fkey': { change: { admin_id: nobody } },
  'known_devices.known_devices_device_hash_check': { change: { device_hash: '\\x00' } },
  'known_devices.known_devices_admin_id_fkey': { change: { admin_id: nobody } },
  'password_resets.password_resets_token_hash_check': { change: { token_hash: '\\x00' } },
  'password_resets.password_resets_admin_id_fkey': { change: { admin_id: nobody } },
  'password_resets.password_resets_token_hash_key': { again: { reset_id: v7() } },
  'email_changes.email_changes_new_email_check': { change: { new_email: 'Ada@example.org' } },
  'email_changes.email_changes_old_token_hash_check': { change: { old_token_hash: '\\x00' } },
  'email_changes.email_changes_new_token_hash_check': { change: { new_token_hash: '\\x00' } },
  'email_changes.email_changes_admin_id_fkey': { change: { admin_id: nobody } },
  'email_changes.email_changes_old_token_hash_key': {
    again: { admin_id: x.secondAdmin, new_token_hash: `\\x${'02'.repeat(32)}` },
  },
  'email_changes.email_changes_new_token_hash_key': {
    again: { admin_id: x.secondAdmin, old_token_hash: `\\x${'02'.repeat(32)}` },
  },
  'sign_in_tries.sign_in_tries_counted_check': { change: { counted: '\\x00' } },
  'sign_in_tries.sign_in_tries_tries_check': { change: { tries: -1 } },
  'account_action_logs.account_action_logs_admin_id_fkey': { change: { admin_id: nobody } },
  'roles.roles_role_name_check': { change: { role_name: '', is_owner: false } },
  'roles.roles_version_check': { change: { version: 0 } },
  'roles.owner_is_the_owner': { change: { role_name: 'renamed' } },
  'roles.roles_one_of_a_name': {
    change: { role_name: 'Packer', is_owner: false },
    again: { role_id: v7(), role_name: 'PACKER' },
  },
  'role_permissions.role_permissions_permission_key_fkey': { change: { permission_key: 'BE_ANYBODY' } },
  'role_permissions.role_permissions_site_id_role_id_is_owner_fkey': { change: { is_owner: false } },
  'admin_site_memberships.admin_site_memberships_status_check': { change: { status: word } },
  'admin_site_memberships.admin_site_memberships_admin_id_fkey': { change: { admin_id: nobody } },
  'admin_site_memberships.admin_site_memberships_site_id_role_id_fkey': { change: { role_id: other.role } },
  'admin_site_memberships.admin_site_memberships_site_id_admin_id_key': { again: { membership_id: v7() } },
  'site_invitations.site_invitations_email_check': { change: { email: 'Ada@example.org' } },
  'site_invitations.site_invitations_status_check': {
    change: { status: word, email: null },
  },
  'site_invitations.site_invitations_token_hash_check': { change: { token_hash: '\\x00' } },
  'site_invitations.site_invitations_sending_check': { change: { sending: 0 } },
  'site_invitations.pending_has_an_address': { change: { email: null } },
  'site_invitations.site_invitations_invited_by_fkey': { change: { invited_by: nobody } },
  'site_invitations.site_invitations_site_id_role_id_fkey': { change: { role_id: other.role } },
  'site_invitations.site_invitations_one_open': { again: { invitation_id: v7() } },
  // An account that does not run the installation.
  'support_accesses.support_accesses_supporter_id_fkey': { change: { supporter_id: x.secondAdmin } },
  'support_accesses.support_accesses_site_id_opened_by_fkey': { change: { opened_by: x.secondAdmin } },
  'support_accesses.a_week_at_most': { change: { expires_at: '2026-12-02T10:00:01Z' } },
  'support_accesses.what_support_may': { change: { permissions: ['VIEW_ORDERS', 'MANAGE_TEAM'] } },
  'support_accesses.says_why': { change: { reason: ' ' } },
  'support_accesses.support_accesses_one_open': { again: { support_id: v7() } },
  'api_keys.api_keys_name_check': { change: { name: '' } },
  'api_keys.api_keys_key_hash_check': { change: { key_hash: '\\x00' } },
  'api_keys.api_keys_created_by_fkey': { change: { created_by: nobody } },
  'api_keys.api_keys_site_id_replaced_by_fkey': { change: { replaced_by: other.secondApiKey } },
  'api_keys.replaced_has_an_end': { change: { expires_at: null } },
  'api_keys.api_keys_one_successor': { again: { api_key_id: v7() } },
  'api_key_uses.api_key_uses_uses_check': { change: { uses: 0 } },
  'api_key_permissions.api_key_permissions_permission_key_fkey': { change: { permission_key: 'BE_ANYBODY' } },
  'api_key_permissions.api_key_permissions_site_id_api_key_id_fkey': { change: { api_key_id: other.apiKey } },
  'site_configurations.site_configurations_currency_check': { change: { currency: 'XXX' } },
  'site_configurations.site_configurations_locale_check': { change: { locale: '' } },
  'site_configurations.site_configurations_country_check': { change: { country: 'de' } },
  'site_configurations.site_configurations_theme_check': { change: { theme: word } },
  'site_configurations.site_configurations_low_stock_at_check': { change: { low_stock_at: -1 } },
  'site_configurations.site_configurations_version_check': { change: { version: 0 } },

  // activity
  'person_keys.person_keys_purpose_check': { change: { purpose: word } },
  'admin_action_logs.admin_action_logs_actor_kind_check': { change: { actor_kind: word } },
  'admin_action_logs.admin_action_logs_check': { change: { actor_id: null } },
  'activity_seals.activity_seals_n_check': {
    change: { n: -1, prev_seal: `\\x${'00'.repeat(32)}` },
    coveredBy: ['activity_seals.activity_seals_site_id_prev_n_prev_seal_fkey'],
  },
  'activity_seals.activity_seals_prev_seal_check': {
    change: { prev_seal: '\\x00' },
    coveredBy: ['activity_seals.activity_seals_site_id_prev_n_prev_seal_fkey'],
  },
  'activity_seals.activity_seals_root_check': { change: { root: '\\x00' } },
  'activity_seals.activity_seals_seal_check': { change: { seal: '\\x00' } },
  'activity_seals.activity_seals_leaf_count_check': { change: { leaf_count: 0 } },
  'activity_seals.first_follows_nothing': { change: { n: 1 }, coveredBy: ['activity_seals.activity_seals_pkey'] },
  'activity_seals.activity_seals_site_id_prev_n_prev_seal_fkey': { change: { prev_seal: `\\x${'11'.repeat(32)}` } },
  'activity_seal_leaves.activity_seal_leaves_leaf_hash_check': { change: { leaf_hash: '\\x00' } },
  'activity_seal_leaves.activity_seal_leaves_check': { change: { leaf: 3 } },
  'activity_seal_leaves.activity_seal_leaves_site_id_action_id_key': { change: { action_id: x.action } },
  'activity_seal_leaves.activity_seal_leaves_site_id_n_leaf_count_fkey': { change: { leaf_count: 3 } },
  'activity_seal_leaves.activity_seal_leaves_site_id_action_id_fkey': { change: { action_id: nobody } },
  'idempotency_keys.idempotency_keys_key_check': { change: { key: 'short' } },

  // content
  'slugs.slugs_kind_check': { change: { kind: word } },
  'slugs.slugs_slug_check': { change: { slug: '../lamp' } },
  'slugs.slugs_one_current': { again: { slug: 'second-lamp' } },
  'media.media_status_check': { change: { status: word } },
  'media.media_width_check': { change: { width: 0 } },
  'media.media_height_check': { change: { height: 0 } },
  'media.media_check': { change: { content_hash: null } },

  // integrations
  'payment_configurations.payment_configurations_mode_check': { change: { mode: word } },
  'payment_configurations.enabled_after_a_passed_test': { change: { tested_credential_reference_id: null } },
  'payment_configurations.payment_configurations_site_id_credential_reference_id_fkey': {
    change: { credential_reference_id: other.credential, tested_credential_reference_id: other.credential },
  },
  'payment_configurations.payment_configurations_one_enabled': { again: { config_id: v7() } },
  'webhook_event_logs.webhook_event_logs_site_id_config_id_fkey': { change: { config_id: other.config } },
  'webhook_event_logs.webhook_event_logs_site_id_config_id_external_event_id_key': {
    again: { webhook_event_id: v7() },
  },
  'webhook_processing_attempts.webhook_processing_attempts_n_check': { change: { n: 0 } },
  'webhook_processing_attempts.webhook_processing_attempts_status_check': { change: { status: word } },
  'webhook_processing_attempts.webhook_processing_attempts_site_id_webhook_event_id_fkey': {
    change: { webhook_event_id: nobody },
  },

  // catalog
  'products.products_title_check': { change: { title: '' } },
  'products.products_visibility_check': { change: { visibility: word } },
  'products.products_status_check': { change: { status: word } },
  'products.products_check': { change: { price_from: 10 + dust } },
  'products.products_check1': { change: { price_to: 10 + dust } },
  'products.products_version_check': { change: { version: 0 } },
  'products.products_site_id_currency_fkey': { change: { currency: 'USD' } },
  'product_versions.product_versions_version_number_check': { change: { version_number: 0 } },
  'product_versions.product_versions_title_check': { change: { title: '' } },
  'product_versions.product_versions_check': { change: { price_amount: 10 + dust } },
  'product_versions.product_versions_option_names_check': { change: { option_names: ['a', 'b', 'c', 'd'] } },
  'product_versions.product_versions_variant_count_check': {
    change: { variant_count: 0 },
    also: { product_version_variants: { variant_count: 0 } },
    coveredBy: [
      'product_version_variants.product_version_variants_check2',
      'product_versions.product_versions_last_variant',
    ],
  },
  'product_versions.product_versions_created_by_fkey': { change: { created_by: nobody } },
  'product_versions.product_versions_site_id_product_id_fkey': {
    change: { product_id: other.product },
    also: { product_version_variants: { product_id: other.product } },
    coveredBy: ['product_version_variants.product_version_variants_site_id_product_id_variant_id_fkey'],
  },
  'product_versions.product_versions_site_id_currency_fkey': {
    change: { currency: 'USD' },
    also: { product_version_variants: { currency: 'USD' } },
  },
  'product_versions.product_versions_site_id_product_id_version_number_key': {
    again: { version_id: v7(), is_published: false },
    coveredBy: ['product_versions.product_versions_last_variant'],
  },
  'product_versions.product_versions_one_published': {
    again: { version_id: v7(), version_number: 2 },
    coveredBy: ['product_versions.product_versions_last_variant'],
  },
  // A version of three with two variants, and then with the first and the last of them.
  'product_versions.product_versions_last_variant': {
    change: { variant_count: 3 },
    also: { product_version_variants: { variant_count: 3 } },
  },
  'product_version_variants.product_version_variants_site_id_version_id_prev_n_fkey': {
    change: { n: 3 },
    also: { product_versions: { variant_count: 3 }, product_version_variants: { variant_count: 3 } },
  },
  'variants.variants_site_id_product_id_fkey': { change: { product_id: other.product } },
  'product_version_variants.product_version_variants_options_check': { change: { options: ['a', 'b', 'c', 'd'] } },
  'product_version_variants.product_version_variants_check': { change: { price: 10 + dust } },
  'product_version_variants.product_version_variants_check1': { change: { compare_at: 12 + dust } },
  'product_version_variants.product_version_variants_weight_grams_check': { change: { weight_grams: -1 } },
  'product_version_variants.product_version_variants_image_n_check': { change: { image_n: -1 } },
  'product_version_variants.product_version_variants_check2': {
    change: { n: 3 },
    coveredBy: [
      'product_versions.product_versions_last_variant',
      'product_version_variants.product_version_variants_site_id_version_id_prev_n_fkey',
    ],
  },
  'product_version_variants.product_version_variants_check3': { change: { compare_at: 9 } },
  // The count forged: a third variant for a version of two.
  'product_version_variants.product_version_variants_site_id_product_id_version_id_var_fkey': {
    again: { n: 3, variant_count: 3, variant_id: x.thirdVariant, options: ['size 3'] },
  },
  'product_version_variants.product_version_variants_site_id_product_id_variant_id_fkey': {
    change: { variant_id: other.variant },
  },
  'product_version_variants.product_version_variants_site_id_version_id_variant_id_key': {
    change: { variant_id: x.variant, price: 0.01, compare_at: null },
  },
  'product_version_variants.product_version_variants_site_id_version_id_options_key': {
    change: { options: ['size 1'] },
  },
  'product_media.product_media_n_check': { change: { n: 0 } },
  'product_media.product_media_site_id_product_id_fkey': { change: { product_id: other.product } },
  'product_media.product_media_site_id_media_id_fkey': { change: { media_id: other.media } },
  'collections.collections_title_check': { change: { title: '' } },
  'collection_products.collection_products_site_id_collection_id_fkey': {
    change: { collection_id: other.collection },
  },
  'collection_products.collection_products_site_id_product_id_fkey': { change: { product_id: other.product } },
  'publication_events.publication_events_to_state_check': { change: { to_state: word } },
  'publication_events.publication_events_triggered_by_check': { change: { triggered_by: 'ai' } },
  'publication_events.publication_events_site_id_product_id_fkey': { change: { product_id: other.product } },
  // A publication that says of the tax what its site does not.
  'publication_events.publication_events_tax_basis': { change: { prices_include_tax: false } },
  'publication_events.publication_events_site_id_version_id_fkey': { change: { version_id: other.version } },
  'stock_locations.stock_locations_name_check': { change: { name: '' } },
  'stock_locations.stock_locations_one_default': { again: { location_id: v7() } },
  'inventory_movements.inventory_movements_n_check': {
    change: { n: 0, prev_on_hand: 0, delta: 10 },
    coveredBy: ['inventory_movements.inventory_movements_follows'],
  },
  'inventory_movements.inventory_movements_on_hand_check': { change: { delta: -8, on_hand: -1 } },
  'inventory_movements.inventory_movements_kind_check': { change: { kind: word } },
  'inventory_movements.inventory_movements_check': { change: { on_hand: 1000 } },
  'inventory_movements.inventory_movements_check1': {
    change: { variant_id: x.secondVariant, n: 1 },
  },
  'inventory_movements.inventory_movements_site_id_variant_id_fkey': {
    change: { variant_id: other.variant, n: 1, prev_on_hand: 0, delta: 10 },
  },
  'inventory_movements.inventory_movements_site_id_location_id_fkey': {
    change: { location_id: other.location, n: 1, prev_on_hand: 0, delta: 10 },
  },
  // A movement that starts where the last one did not end.
  'inventory_movements.inventory_movements_follows': {
    change: { prev_on_hand: 700, on_hand: 703 },
  },
  'inventory_levels.inventory_levels_on_hand_check': {
    change: { on_hand: -1, reserved: 0, backorder_limit: 5 },
    coveredBy: ['inventory_levels.inventory_levels_last_movement'],
  },
  'inventory_levels.inventory_levels_backorder_limit_check': { change: { backorder_limit: -1 } },
  'inventory_levels.reserved_within_stock': { change: { reserved: 11 } },
  // A level of before: its first movement, which was followed by another.
  'inventory_levels.inventory_levels_last_movement': { change: { on_hand: 7, last_movement: 1 } },
  'product_imports.product_imports_byte_size_check': { change: { byte_size: -1 } },
  'product_imports.product_imports_status_check': { change: { status: word } },
  'product_imports.product_imports_created_by_fkey': { change: { created_by: nobody } },

  // commerce
  'shipping_methods.shipping_methods_name_check': { change: { name: '' } },
  'shipping_methods.shipping_methods_check': { change: { price: 5 + dust } },
  'shipping_methods.shipping_methods_site_id_currency_fkey': { change: { currency: 'USD' } },
  'tax_rates.tax_rates_name_check': { change: { name: '' } },
  'tax_rates.tax_rates_country_check': { change: { country: 'de' } },
  'tax_rates.tax_rates_rate_per_million_check': { change: { rate_per_million: 1_000_001 } },
  'tax_rates.tax_rates_one_default': { again: { tax_rate_id: v7() } },
  'carts.carts_session_identifier_check': { change: { session_identifier: '\\x00' } },
  'carts.carts_status_check': { change: { status: word } },
  'carts.carts_version_check': { change: { version: 0 } },
  'carts.carts_one_active': {
    change: { status: 'active', session_identifier: `\\x${x.openCart.replaceAll('-', '').repeat(2)}` },
  },
  'cart_items.cart_items_quantity_check': { change: { quantity: 100 } },
  'cart_items.cart_items_check': { change: { price_seen: 10 + dust } },
  'cart_items.cart_items_site_id_cart_id_fkey': { change: { cart_id: other.openCart } },
  'cart_items.cart_items_site_id_product_id_variant_id_fkey': { change: { variant_id: other.variant } },
  'order_counters.order_counters_next_number_check': { change: { next_number: 0 } },
  'orders.orders_mode_check': {
    change: { mode: word },
    also: { order_revisions: { mode: word } },
    coveredBy: ['order_revisions.order_revisions_mode_check'],
  },
  'orders.orders_check': {
    change: { total_amount: 23 + dust },
    coveredBy: ['orders.orders_current_revision'],
  },
  'orders.orders_access_token_hash_check': { change: { access_token_hash: '\\x00' } },
  'orders.orders_address_hash_check': { change: { address_hash: '\\x00' } },
  'orders.orders_version_check': { change: { version: 0 } },
  'orders.orders_site_id_cart_id_fkey': { change: { cart_id: other.cart } },
  'orders.orders_site_id_currency_fkey': {
    change: { currency: 'USD' },
    also: { order_revisions: { currency: 'USD' } },
  },
  'orders.orders_current_revision': { change: { total_amount: 1 } },
  // Set back to a state it was in.
  'orders.orders_current_transition': { change: { status: 'draft', last_transition: 1 } },
  'orders.orders_site_id_order_number_key': {
    again: { order_id: v7(), cart_id: x.openCart, access_token_hash: `\\x${'00'.repeat(32)}` },
    coveredBy: ['orders.orders_current_revision', 'orders.orders_current_transition'],
  },
  'orders.orders_site_id_cart_id_key': {
    again: { order_id: v7(), order_number: 'X-2', access_token_hash: `\\x${'00'.repeat(32)}` },
    coveredBy: ['orders.orders_current_revision', 'orders.orders_current_transition'],
  },
  'orders.orders_site_id_access_token_hash_key': {
    again: { order_id: v7(), order_number: 'X-2', cart_id: x.openCart },
    coveredBy: ['orders.orders_current_revision', 'orders.orders_current_transition'],
  },
  'order_revisions.order_revisions_revision_check': { again: { revision: 0 } },
  'order_revisions.order_revisions_item_count_check': { again: { revision: 2, item_count: 0 } },
  'order_revisions.order_revisions_adjustment_count_check': { again: { revision: 2, adjustment_count: -1 } },
  'order_revisions.order_revisions_check': {
    again: { revision: 2, items: 20 + dust, shipping: 5 - dust },
    coveredBy: ['order_revisions.order_revisions_check2'],
  },
  'order_revisions.order_revisions_check1': {
    again: { revision: 2, discount: 2 + dust, shipping: 5 + dust },
    coveredBy: ['order_revisions.order_revisions_check2'],
  },
  'order_revisions.order_revisions_check2': {
    again: { revision: 2, shipping: 5 + dust, total: 23 + dust },
    coveredBy: ['order_revisions.order_revisions_check6'],
  },
  'order_revisions.order_revisions_check3': {
    again: { revision: 2, tax_added: dust, total: 23 + dust },
    coveredBy: ['order_revisions.order_revisions_check6'],
  },
  'order_revisions.order_revisions_check4': { again: { revision: 2, tax_included: dust } },
  'order_revisions.order_revisions_check5': {
    again: { revision: 2, rounding: dust, total: 23 + dust },
    coveredBy: ['order_revisions.order_revisions_check6', 'order_revisions.order_revisions_rounding_check'],
  },
  'order_revisions.order_revisions_check6': {
    again: { revision: 2, items: 20 + dust, total: 23 + dust },
    coveredBy: ['order_revisions.order_revisions_check'],
  },
  'order_revisions.order_revisions_mode_check': {
    again: { revision: 2, mode: word },
    coveredBy: ['order_revisions.order_revisions_site_id_order_id_mode_currency_fkey'],
  },
  'order_revisions.order_revisions_rate_per_million_check': { again: { revision: 2, rate_per_million: -1 } },
  'order_revisions.order_revisions_check7': { again: { revision: 2, total: 1 } },
  'order_revisions.order_revisions_rounding_check': { again: { revision: 2, rounding: -22, total: 1 } },
  'order_revisions.order_revisions_check8': { again: { revision: 2, shipping: -17, total: 1 } },
  'order_revisions.order_revisions_site_id_shipping_method_id_fkey': {
    again: { revision: 2, shipping_method_id: other.shipping },
  },
  'order_revisions.order_revisions_site_id_order_id_mode_currency_fkey': { again: { revision: 2, mode: 'live' } },
  'order_items.order_items_quantity_check': { change: { quantity: 0 } },
  'order_items.order_items_check': {
    change: { price_snapshot: 10 + dust },
    coveredBy: ['order_items.order_items_site_id_product_id_product_version_id_variant__fkey'],
  },
  'order_items.order_items_check1': { again: { n: 2, order_item_id: v7(), variant_id: x.secondVariant } },
  'order_items.order_items_site_id_order_id_revision_item_count_fkey': {
    again: { n: 2, item_count: 2, order_item_id: v7(), variant_id: x.secondVariant },
  },
  'order_items.order_items_site_id_product_id_product_version_id_variant__fkey': { change: { price_snapshot: 0.01 } },
  'order_items.order_items_site_id_order_id_revision_order_item_id_key': {
    also: { order_revisions: { item_count: 2 } },
    change: { item_count: 2 },
    again: { n: 2, variant_id: x.secondVariant },
  },
  'order_items.order_items_site_id_order_id_revision_variant_id_key': {
    also: { order_revisions: { item_count: 2 } },
    change: { item_count: 2 },
    again: { n: 2, order_item_id: v7() },
  },
  'order_adjustments.order_adjustments_kind_check': { change: { kind: word } },
  'order_adjustments.order_adjustments_check': { change: { amount: 2 + dust } },
  'order_adjustments.order_adjustments_check1': { change: { n: 2 } },
  'order_adjustments.order_adjustments_amount_check': { change: { amount: -2 } },
  'order_adjustments.order_adjustments_site_id_order_id_revision_adjustment_cou_fkey': {
    again: { n: 2, adjustment_count: 2 },
  },
  'order_parties.order_parties_kind_check': { change: { kind: word } },
  'order_parties.order_parties_country_check': { change: { country: 'Germany' } },
  'order_parties.order_parties_site_id_order_id_fkey': { change: { order_id: other.order } },
  'stock_reservations.stock_reservations_quantity_check': { change: { quantity: 0 } },
  'stock_reservations.stock_reservations_status_check': { change: { status: word } },
  'stock_reservations.stock_reservations_site_id_order_id_fkey': { change: { order_id: other.order } },
  'stock_reservations.stock_reservations_site_id_variant_id_location_id_fkey': {
    change: { variant_id: other.variant },
  },
  'payments.payments_check': { change: { amount: 23 + dust } },
  'payments.payments_mode_check': {
    change: { mode: word },
    coveredBy: [
      'payments.payments_site_id_order_id_mode_currency_fkey',
      'payments.payments_site_id_config_id_provider_name_mode_fkey',
    ],
  },
  'payments.payments_site_id_order_id_mode_currency_fkey': { change: { currency: 'USD' } },
  'payments.payments_site_id_config_id_provider_name_mode_fkey': { change: { provider_name: 'another' } },
  'payment_entries.payment_entries_kind_check': { change: { kind: word } },
  'payment_entries.payment_entries_check': { change: { amount: 23 + dust } },
  'payment_entries.payment_entries_mode_check': { change: { mode: word } },
  'payment_entries.payment_entries_amount_check': { change: { amount: -1 } },
  'payment_entries.payment_entries_site_id_order_id_payment_id_config_id_fkey': {
    change: { payment_id: other.payment },
  },
  'payment_entries.payment_entries_site_id_webhook_event_id_config_id_fkey': {
    change: { webhook_event_id: other.notice },
  },
  'payment_entries.payment_entries_site_id_webhook_event_id_key': { again: { entry_id: v7() } },
  'payment_evidence.payment_evidence_n_check': {
    change: { n: 0 },
    coveredBy: ['payment_evidence.payment_evidence_site_id_order_id_prev_n_prev_covered_fkey'],
  },
  'payment_evidence.payment_evidence_check': {
    again: {
      n: 2,
      prev_covered: dust,
      covered: dust,
      amount: 0,
      kind: 'zero_total',
      entry_id: null,
      entry_kind: null,
    },
    coveredBy: [
      'payment_evidence.payment_evidence_check2',
      'payment_evidence.payment_evidence_site_id_order_id_prev_n_prev_covered_fkey',
    ],
  },
  'payment_evidence.payment_evidence_check1': {
    change: { amount: 23 + dust, covered: 23 + dust },
    coveredBy: [
      'payment_evidence.payment_evidence_check2',
      'payment_evidence.payment_evidence_site_id_order_id_entry_id_entry_kind_amou_fkey',
    ],
  },
  'payment_evidence.payment_evidence_check2': {
    change: { covered: 23 + dust },
    coveredBy: ['payment_evidence.payment_evidence_check3'],
  },
  'payment_evidence.payment_evidence_check3': { change: { covered: 2300 } },
  'payment_evidence.payment_evidence_check4': { change: { prev_covered: 1, covered: 24 } },
  'payment_evidence.payment_evidence_mode_check': {
    change: { mode: word },
    coveredBy: [
      'payment_evidence.payment_evidence_site_id_order_id_mode_currency_fkey',
      'payment_evidence.payment_evidence_site_id_order_id_entry_id_entry_kind_amou_fkey',
    ],
  },
  'payment_evidence.payment_evidence_kind_check': {
    change: { kind: word },
    coveredBy: ['payment_evidence.one_source'],
  },
  'payment_evidence.one_source': { change: { entry_id: null, entry_kind: null } },
  'payment_evidence.payment_evidence_site_id_order_id_mode_currency_fkey': {
    change: { mode: 'live', kind: 'zero_total', amount: 0, covered: 0, entry_id: null, entry_kind: null },
  },
  'payment_evidence.payment_evidence_site_id_order_id_prev_n_prev_covered_fkey': {
    again: {
      n: 2,
      prev_covered: 1000,
      covered: 1000,
      amount: 0,
      kind: 'zero_total',
      entry_id: null,
      entry_kind: null,
    },
  },
  'payment_evidence.payment_evidence_site_id_order_id_entry_id_entry_kind_amou_fkey': {
    change: { amount: 2300, covered: 2300 },
  },
  'payment_evidence.payment_evidence_site_id_entry_id_key': { again: { n: 2, prev_covered: 23, covered: 46 } },
  'payment_exceptions.payment_exceptions_kind_check': { change: { kind: word } },
  'payment_exceptions.payment_exceptions_check': { change: { amount: dust } },
  'payment_exceptions.payment_exceptions_status_check': { change: { status: word } },
  'payment_exceptions.payment_exceptions_site_id_order_id_fkey': { change: { order_id: other.order } },
  'payment_exceptions.payment_exceptions_site_id_entry_id_fkey': { change: { entry_id: other.entry } },
  'payment_exceptions.payment_exceptions_site_id_entry_id_kind_key': { again: { exception_id: v7() } },
  'order_state_transition_logs.order_state_transition_logs_n_check': {
    change: { n: 0 },
    after: orderAtTwo(x),
    coveredBy: ['order_state_transition_logs.order_state_transition_logs_follows'],
  },
  'order_state_transition_logs.order_state_transition_logs_actor_kind_check': { change: { actor_kind: 'ai' } },
  'order_state_transition_logs.order_state_transition_logs_revision_check': {
    change: {
      revision: 2,
      to_state: 'payment_failed',
      evidence_n: null,
      evidence_covered: null,
      revision_total: null,
      evidence_currency: null,
      evidence_mode: null,
    },
    coveredBy: ['orders.orders_current_transition'],
  },
  'order_state_transition_logs.order_state_transition_logs_check': {
    change: { evidence_covered: 23 + dust },
    coveredBy: ['order_state_transition_logs.order_state_transition_logs_site_id_order_id_evidence_n_ev_fkey'],
  },
  'order_state_transition_logs.order_state_transition_logs_check1': {
    change: { revision_total: 22 + dust },
    coveredBy: ['order_state_transition_logs.order_state_transition_logs_site_id_order_id_revision_revi_fkey'],
  },
  'order_state_transition_logs.order_state_transition_logs_check2': {
    change: { n: 3, from_state: 'none', to_state: 'draft', triggered_by: 'customer' },
    after: orderIs(x, 'draft', 3),
    coveredBy: ['order_state_transition_logs.order_state_transition_logs_follows'],
  },
  'order_state_transition_logs.evidence_is_whole': {
    change: { to_state: 'payment_failed', evidence_mode: null },
    after: orderIs(x, 'payment_failed', 3),
  },
  'order_state_transition_logs.confirmed_is_covered': {
    change: {
      evidence_n: null,
      evidence_covered: null,
      revision_total: null,
      evidence_currency: null,
      evidence_mode: null,
    },
  },
  'order_state_transition_logs.order_state_transition_logs_site_id_order_id_fkey': {
    change: {
      order_id: nobody,
      n: 1,
      from_state: 'none',
      to_state: 'draft',
      triggered_by: 'customer',
      evidence_n: null,
      evidence_covered: null,
      revision_total: null,
      evidence_currency: null,
      evidence_mode: null,
    },
    after: orderAtTwo(x),
  },
  'order_state_transition_logs.order_state_transition_logs_from_state_to_state_triggered__fkey': {
    change: { triggered_by: 'customer' },
  },
  'order_state_transition_logs.order_state_transition_logs_follows': {
    change: { from_state: 'payment_failed' },
  },
  // More money than there is evidence of, and less to pay than there is: both by a false word in the log.
  'order_state_transition_logs.order_state_transition_logs_site_id_order_id_evidence_n_ev_fkey': {
    change: { evidence_covered: 2300 },
  },
  'order_state_transition_logs.order_state_transition_logs_site_id_order_id_revision_revi_fkey': {
    change: { revision_total: 1 },
  },
  'order_state_transition_logs.order_state_transition_logs_site_id_transition_id_key': {
    change: { next_n: 4 },
    again: { n: 4, from_state: 'confirmed', to_state: 'processing', triggered_by: 'admin', next_n: 0 },
    after: orderIs(x, 'processing', 4),
  },
  'fulfilments.fulfilments_status_check': { change: { status: word } },
  'fulfilments.fulfilments_version_check': { change: { version: 0 } },
  'fulfilments.fulfilments_site_id_order_id_fkey': { change: { order_id: other.order } },
  'fulfilments.fulfilments_one_parcel': { again: { fulfilment_id: v7() } },
  'email_dispatch_logs.email_dispatch_logs_n_check': { change: { n: 0 } },
  'email_dispatch_logs.email_dispatch_logs_email_type_check': { change: { email_type: 'order_spam' } },
  'email_dispatch_logs.email_dispatch_logs_status_check': { change: { status: word } },
  'email_dispatch_logs.email_dispatch_logs_check': { change: { order_id: null } },
  'email_dispatch_logs.email_dispatch_logs_site_id_order_id_fkey': { change: { order_id: other.order } },
});

/** What must differ in a second row with the same primary key, so that nothing but that key refuses it. */
export const secondOfItsKey = (x: Ids, other: Ids): Readonly<Record<string, Row>> => ({
  admin_authenticators: { admin_id: x.secondAdmin, credential_id: `\\x${'02'.repeat(32)}` },
  activity_seals: { seal: `\\x${'00'.repeat(32)}`, leaf_count: 3 },
  activity_seal_leaves: { action_id: x.openAction },
  password_resets: { token_hash: `\\x${'02'.repeat(32)}` },
  email_changes: { old_token_hash: `\\x${'02'.repeat(32)}`, new_token_hash: `\\x${'03'.repeat(32)}` },
  sites: { handle: 'another-shop', order_prefix: 'ANOTHER' },
  domain_claims: { domain_name: 'third.example' },
  domain_mappings: {
    domain_name: 'second.example',
    is_primary: false,
    type: 'platform',
    claim_id: null,
    next_check_at: null,
  },
  admin_accounts: { email: 'second@example.org' },
  admin_sessions: { token_hash: `\\x${'00'.repeat(32)}` },
  roles: { role_name: 'second', is_owner: false },
  api_keys: { replaced_by: null },
  admin_site_memberships: { admin_id: other.admin },
  site_invitations: { email: 'second@example.org' },
  support_accesses: { ended_at: '2026-11-25T10:30:00Z' },
  slugs: { is_current: false },
  payment_configurations: { is_enabled: false },
  product_versions: { version_number: 2, is_published: false },
  product_version_variants: { variant_id: x.thirdVariant, options: ['size 3'] },
  stock_locations: { is_default: false },
  tax_rates: { is_default: false },
  orders: { order_number: 'X-2', cart_id: x.openCart, access_token_hash: `\\x${'00'.repeat(32)}` },
  order_items: { order_item_id: v7(), variant_id: x.secondVariant },
  payment_entries: { webhook_event_id: x.secondNotice },
  payment_evidence: { kind: 'zero_total', amount: 0, covered: 0, entry_id: null, entry_kind: null },
  payment_exceptions: { kind: 'late' },
  order_state_transition_logs: { transition_id: v7() },
  site_transitions: { transition_id: v7() },
  fulfilments: { status: 'cancelled' },
  webhook_event_logs: { external_event_id: 'another' },
});
