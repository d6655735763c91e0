import { randomBytes } from 'node:crypto';
import type { TestSite } from '@souk/testing';
import type pg from 'pg';
import { v7 } from 'uuid';
import type { Work } from './load.ts';

/**
 * The transactions that a checkout and its payment need, as bare SQL: a cart with a line, the order with all its rows and
 * its piece of stock, the provider's reference, the notice that confirms it. Prepared statements on one connection, one
 * after the other, as a programmer writes them first; the same tables with the same keys.
 */
export function bareCheckout(pool: pg.Pool, site: TestSite): Work {
  const siteId = site.siteId;
  return async (worker, n) => {
    const product = site.products[(worker * 131 + n * 7) % site.products.length];
    const variant = product?.variants[0];
    if (!product || !variant) throw new Error('nothing is sold');
    const client = await pool.connect();
    const run = async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> =>
      (await client.query<Row>({ name: nameOf(text), text, values: [...values] })).rows;
    const [cartId, orderId, paymentId, personId, eventId, entryId] = [v7(), v7(), v7(), v7(), v7(), v7()];
    try {
      await run('begin');
      await run(
        "insert into carts (site_id, cart_id, session_identifier, status, version, created_at, updated_at) values ($1, $2, $3, 'active', 1, now(), now())",
        [siteId, cartId, randomBytes(32)],
      );
      const [offer] = await run<{ version_id: string; price: string; currency: string }>(
        'select x.version_id, x.price, x.currency from product_version_variants x join product_versions v on v.site_id = x.site_id and v.version_id = x.version_id and v.is_published where x.site_id = $1 and x.variant_id = $2',
        [siteId, variant.variantId],
      );
      if (!offer) throw new Error('not sold');
      await run(
        'insert into cart_items (site_id, cart_id, variant_id, product_id, quantity, price_seen, currency, added_at) values ($1, $2, $3, $4, 2, $5, $6, now())',
        [siteId, cartId, variant.variantId, product.productId, offer.price, offer.currency],
      );
      await run('commit');

      const items = Number(offer.price) * 2;
      const shipping = site.shippingPrice / 100;
      const total = items + shipping;
      await run('begin');
      await run('select 1 from carts where site_id = $1 and cart_id = $2 for update', [siteId, cartId]);
      const [level] = await run<{ location_id: string }>(
        'update inventory_levels set reserved = reserved + 2, updated_at = now() where site_id = $1 and variant_id = $2 and reserved + 2 <= on_hand + backorder_limit returning location_id',
        [siteId, variant.variantId],
      );
      await run(
        "insert into orders (site_id, order_id, order_number, status, mode, currency, total_amount, revision, last_transition, cart_id, person_id, customer_email, access_token_hash, expires_at, version, created_at, updated_at) values ($1, $2, $3, 'pending_payment', 'test', $4, $5, 1, 2, $6, $7, 'ada@example.org', $8, now() + interval '30 min', 1, now(), now())",
        [siteId, orderId, `BARE-${orderId}`, offer.currency, total, cartId, personId, randomBytes(32)],
      );
      await run(
        "insert into order_revisions (site_id, order_id, revision, item_count, adjustment_count, items, discount, shipping, tax_added, tax_included, rounding, total, currency, mode, tax_name, rate_per_million, shipping_method_id, shipping_name, created_at) values ($1, $2, 1, 1, 0, $3, 0, $4, 0, 0, 0, $5, $6, 'test', 'VAT', 190000, $7, 'Parcel', now())",
        [siteId, orderId, items, shipping, total, offer.currency, site.shippingMethodId],
      );
      await run(
        'insert into order_items (site_id, order_id, revision, n, item_count, order_item_id, product_id, product_version_id, variant_id, quantity, price_snapshot, currency) values ($1, $2, 1, 1, 1, $3, $4, $5, $6, 2, $7, $8)',
        [siteId, orderId, v7(), product.productId, offer.version_id, variant.variantId, offer.price, offer.currency],
      );
      await run(
        `insert into order_state_transition_logs (site_id, transition_id, order_id, n, from_state, to_state, triggered_by, actor_kind, reason_code, revision, "timestamp", next_n) values ($1, $2, $3, 1, 'none', 'draft', 'customer', 'customer', 'x', 1, now(), 2), ($1, $4, $3, 2, 'draft', 'pending_payment', 'customer', 'customer', 'x', 1, now(), 0)`,
        [siteId, v7(), orderId, v7()],
      );
      await run(
        "insert into order_parties (site_id, order_id, kind, person_id, name, line1, line2, postal_code, city, country, phone, keep_until) values ($1, $2, 'shipping', $3, 'Ada Lovelace', '12 St James Square', '', 'SW1Y 4JH', 'London', 'GB', '', '2036-12-31')",
        [siteId, orderId, personId],
      );
      await run(
        "insert into payments (site_id, payment_id, order_id, config_id, provider_name, amount, currency, mode, created_at, updated_at) values ($1, $2, $3, $4, 'sandbox', $5, $6, 'test', now(), now())",
        [siteId, paymentId, orderId, site.configId, total, offer.currency],
      );
      await run(
        "insert into stock_reservations (site_id, order_id, variant_id, location_id, quantity, status, created_at, updated_at) values ($1, $2, $3, $4, 2, 'held', now(), now())",
        [siteId, orderId, variant.variantId, level?.location_id],
      );
      await run(
        "insert into person_keys (site_id, person_id, purpose, wrapped_key, created_at) values ($1, $2, 'contact', $3, now())",
        [siteId, personId, randomBytes(60)],
      );
      await run(
        "insert into idempotency_keys (site_id, principal, procedure, key, body_hash, response, created_at, expires_at) values ($1, $2, 'checkout.submit', $3, $4, '{}', now(), now() + interval '1 day')",
        [siteId, cartId, orderId, randomBytes(32)],
      );
      await run(
        "update carts set status = 'converted', version = version + 1, updated_at = now() where site_id = $1 and cart_id = $2",
        [siteId, cartId],
      );
      await run(
        "insert into outbox_events (site_id, event_id, kind, entity_id, created_at) values ($1, $2, 'order.submitted', $3, now())",
        [siteId, v7(), orderId],
      );
      await run('commit');

      await run(
        'update payments set provider_reference = $3, redirect_url = $4, updated_at = now() where site_id = $1 and payment_id = $2',
        [siteId, paymentId, paymentId, `http://pay/${paymentId}`],
      );

      await run('begin');
      await run('select status from orders where site_id = $1 and order_id = $2 for update', [siteId, orderId]);
      await run(
        "insert into webhook_event_logs (site_id, webhook_event_id, config_id, provider_name, external_event_id, payload_hash, person_id, payload_sealed, received_at) values ($1, $2, $3, 'sandbox', $4, $5, $6, $7, now())",
        [siteId, eventId, site.configId, eventId, randomBytes(32), personId, randomBytes(300)],
      );
      await run(
        "insert into processed_events (site_id, event_id, consumer, processed_at) values ($1, $2, 'payments', now())",
        [siteId, eventId],
      );
      await run(
        `insert into payment_entries (site_id, entry_id, order_id, payment_id, kind, amount, currency, mode, config_id, webhook_event_id, "timestamp") values ($1, $2, $3, $4, 'captured', $5, $6, 'test', $7, $8, now())`,
        [siteId, entryId, orderId, paymentId, total, offer.currency, site.configId, eventId],
      );
      await run(
        `insert into payment_evidence (site_id, order_id, n, prev_covered, amount, covered, currency, mode, kind, entry_id, entry_kind, "timestamp") values ($1, $2, 1, 0, $3, $3, $4, 'test', 'provider_entry', $5, 'captured', now())`,
        [siteId, orderId, total, offer.currency, entryId],
      );
      await run('update order_state_transition_logs set next_n = 3 where site_id = $1 and order_id = $2 and n = 2', [
        siteId,
        orderId,
      ]);
      await run(
        `insert into order_state_transition_logs (site_id, transition_id, order_id, n, from_state, to_state, triggered_by, actor_kind, reason_code, revision, evidence_n, evidence_covered, revision_total, evidence_currency, evidence_mode, "timestamp") values ($1, $2, $3, 3, 'pending_payment', 'confirmed', 'webhook', 'provider', 'x', 1, 1, $4, $4, $5, 'test', now())`,
        [siteId, v7(), orderId, total, offer.currency],
      );
      await run(
        "update orders set status = 'confirmed', last_transition = 3, expires_at = null, version = version + 1, updated_at = now() where site_id = $1 and order_id = $2",
        [siteId, orderId],
      );
      await run(
        `insert into webhook_processing_attempts (site_id, webhook_event_id, n, status, detail, "timestamp") values ($1, $2, 1, 'processed', 'applied', now())`,
        [siteId, eventId],
      );
      // What follows from it is work for later: marked as moved, so that this run sends no mails.
      await run(
        "insert into outbox_events (site_id, event_id, kind, entity_id, created_at, relayed_at) values ($1, $2, 'order.confirmed', $3, now(), now())",
        [siteId, v7(), orderId],
      );
      await run('commit');
    } finally {
      client.release();
    }
  };
}

const names = new Map<string, string>();
function nameOf(text: string): string {
  const known = names.get(text);
  if (known) return known;
  const name = `bare_${names.size}`;
  names.set(text, name);
  return name;
}
