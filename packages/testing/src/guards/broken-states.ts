import { invariantQueries } from '@souk/db';
import type pg from 'pg';
import type { GuardSeen } from './database-guards.ts';
import { type Ids, filledSite, insertRow, newIds } from './filled-site.ts';

const drop = (table: string, ...constraints: readonly string[]): string =>
  `alter table ${table} ${constraints.map((c) => `drop constraint ${c} cascade`).join(', ')}`;

/**
 * For each query of invariants.sql a state that it must find, made by the owner with the keys in the way dropped first: the
 * queries look for what a bug, a restored backup or a hand on the database has done, so they are guards of their own.
 */
const brokenStates = (x: Ids): Readonly<Record<string, readonly string[]>> => {
  const order = `order_id = '${x.order}'`;
  return {
    'G5 version whose variants are not complete': [
      drop('order_items', 'order_items_site_id_product_id_product_version_id_variant__fkey'),
      drop('product_versions', 'product_versions_last_variant'),
      `delete from product_version_variants where version_id = '${x.version}' and n = 2`,
    ],
    'G5 seal whose rows are not complete': [`delete from activity_seal_leaves where action_id = '${x.thirdAction}'`],
    'G5 revision whose items or adjustments are not complete': [`delete from order_adjustments where ${order}`],
    'C2 P1 product whose status and published version disagree': [
      `update products set status = 'draft' where product_id = '${x.product}'`,
    ],
    'C3 product whose title is not that of its published version': [
      `update products set title = 'Cheap lamp' where product_id = '${x.product}'`,
    ],
    'O1 AU2 order that is not where the end of its log says': [
      drop('orders', 'orders_current_transition'),
      `update orders set status = 'pending_payment', last_transition = 2 where ${order}`,
    ],
    'O1 log with a gap': [
      drop('order_state_transition_logs', 'order_state_transition_logs_state_and_next'),
      `delete from order_state_transition_logs where ${order} and n = 1`,
    ],
    'O2 confirmed order without evidence that covers it': [
      drop('order_state_transition_logs', 'order_state_transition_logs_site_id_order_id_evidence_n_ev_fkey'),
      `delete from payment_evidence where ${order}`,
    ],
    'O2 evidence that is more than what the provider captured': [
      drop('payment_evidence', 'payment_evidence_site_id_order_id_entry_id_entry_kind_amou_fkey'),
      drop('order_state_transition_logs', 'order_state_transition_logs_site_id_order_id_evidence_n_ev_fkey'),
      `update payment_evidence set amount = 2300, covered = 2300 where ${order}`,
    ],
    "O3 captured money of the order's own kind that is no evidence": [
      `insert into payment_entries (site_id, entry_id, order_id, payment_id, kind, amount, currency, mode, config_id, webhook_event_id, "timestamp")
        select site_id, '${x.action}', order_id, payment_id, kind, amount, currency, mode, config_id, '${x.secondNotice}', "timestamp" from payment_entries where ${order}`,
    ],
    'O3 money of another currency or mode that waits for nobody': [
      `insert into payment_entries (site_id, entry_id, order_id, payment_id, kind, amount, currency, mode, config_id, webhook_event_id, "timestamp")
        select site_id, '${x.action}', order_id, payment_id, kind, amount, 'USD', mode, config_id, '${x.secondNotice}', "timestamp" from payment_entries where ${order}`,
    ],
    'O5 level that is not the sum of its movements': [
      drop('inventory_levels', 'inventory_levels_last_movement'),
      `update inventory_levels set on_hand = 7, last_movement = 1 where variant_id = '${x.variant}'`,
    ],
    'O5 reserved pieces that are not what orders hold': [
      `update inventory_levels set reserved = 3 where variant_id = '${x.variant}'`,
    ],
    'O5 order that waits or is confirmed without its goods held': [
      `update stock_reservations set status = 'released' where ${order}`,
    ],
    'O5 dead order that still holds goods': [
      drop('orders', 'orders_current_transition'),
      `update orders set status = 'cancelled' where ${order}`,
    ],
    'O5 converted cart without an order, or an order from a cart that is not converted': [
      `update carts set status = 'active' where cart_id = '${x.cart}'`,
    ],
    'O6 revision whose columns are not the sum of its rows': [`update order_adjustments set amount = 1 where ${order}`],
    'O3 entry whose notice or payment is of another configuration': [
      drop('payment_entries', 'payment_entries_site_id_order_id_payment_id_config_id_fkey'),
      `insert into payment_configurations select site_id, '${x.action}', 'another', mode, false, credential_reference_id, null, created_at, updated_at from payment_configurations where config_id = '${x.config}'`,
      `update payments set config_id = '${x.action}', provider_name = 'another' where ${order}`,
    ],
    'O3 ended order whose money waits for nobody': [
      drop('orders', 'orders_current_transition'),
      `delete from payment_exceptions where ${order}`,
      `update orders set status = 'cancelled' where ${order}`,
    ],
    'O2 parcel of an order that was never confirmed': [
      drop('orders', 'orders_current_transition'),
      `delete from order_state_transition_logs where ${order} and n = 3`,
      `update fulfilments set status = 'shipped' where ${order}`,
    ],
    'I3 site without an active owner': [
      `update admin_site_memberships set status = 'revoked' where membership_id = '${x.membership}'`,
    ],
  };
};

/** Makes each broken state on a scratch database and asks its query; all of it is rolled back. */
export async function tryInvariantQueries(client: pg.Client): Promise<GuardSeen[]> {
  const x = newIds();
  const seen: GuardSeen[] = [];
  const states = brokenStates(x);
  await client.query('begin');
  try {
    for (const { first = [], rows } of filledSite(x, 'broken')) {
      for (const statement of first) await client.query(statement);
      for (const [table, row] of rows) await insertRow(client, table, row);
    }
    await client.query('set constraints all immediate');
    for (const { name, text } of invariantQueries()) {
      const found = async (): Promise<number> =>
        (await client.query(`select * from (${text}) q where site_id = $1`, [x.site])).rowCount ?? 0;
      await client.query('savepoint state');
      const before = await found();
      for (const statement of states[name] ?? []) await client.query(statement);
      // While nothing is broken it finds nothing; what is broken it finds.
      const standing = (await found()) > 0 ? `query ${name}` : 'found nothing';
      await client.query('rollback to savepoint state');
      seen.push({
        guard: `query ${name}`,
        what: states[name]?.join('; ') ?? 'no broken state is written for it',
        standing,
        gone: before === 0 ? 'accepted' : 'it finds a whole site',
      });
    }
  } finally {
    await client.query('rollback');
  }
  return seen;
}
