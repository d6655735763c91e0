import { siteRow } from './site-rows.ts';
import { type Currency, id, type SiteId } from '@souk/domain/shared';
import { v7 } from 'uuid';
import { inDatabase } from './in-database.ts';
import type { TestDatabase } from './test-database.ts';

type LogRow = {
  n: number;
  from: string;
  to: string;
  by: string;
  revision?: number;
  evidence?: { n: number; covered: string; total: string };
  /** The number of the row that comes after it; none where nothing is said. */
  next?: number;
  /** Whether the row before it is told so; it is where nothing is said. */
  follows?: boolean;
};

/** One submitted order of 2 × 10 EUR and 5 EUR shipping, in live mode, and SQL that tries to break its promises. */
export type Ledger = {
  readonly site: SiteId;
  readonly order: string;
  readonly product: string;
  readonly variant: string;
  insertVariant(v: { n: number; count: number | 'null' }): string;
  /** A second version, a draft, that says it has so many variants, with those of these numbers. */
  insertVersion(v: { count: number; variants: readonly number[] }): string;
  /** `second`: of the version's other variant. */
  insertItem(i: { revision: number; n: number; count: number; price?: string; second?: boolean }): string;
  insertRevision(r: { revision: number; items: string; shipping: string; total: string }): string;
  insertLog(l: LogRow): string;
  insertEvidence(e: {
    n: number;
    prev: string;
    amount: string;
    covered: string;
    entry: string | undefined;
    kind?: string;
    mode?: string;
  }): string;
  newEntry(e: { amount: string; mode?: string; kind?: string }): { id: string; sql: string };
  insertOrderOfSameCart(): string;
};

const EUR = 'EUR' as Currency;

/** Makes the scene as the owner, through the very constraints that are attacked afterwards. */
export async function makeLedger(db: Pick<TestDatabase, 'ownerUrl'>): Promise<Ledger> {
  const site = id<SiteId>(v7());
  const [
    product,
    version,
    variant,
    order,
    cart,
    location,
    shipping,
    config,
    credential,
    payment,
    person,
    other,
    third,
  ] = Array.from({ length: 13 }, () => v7());
  const q = (text: string | undefined): string => `'${text}'`;
  const now = 'now()';
  const item = (i: { revision: number; n: number; count: number; price?: string; second?: boolean }): string =>
    `insert into order_items (site_id, order_id, revision, n, item_count, order_item_id, product_id, product_version_id, variant_id, quantity, price_snapshot, currency)
     values ('${site}', ${q(order)}, ${i.revision}, ${i.n}, ${i.count}, '${v7()}', ${q(product)}, ${q(version)}, ${q(i.second ? other : variant)}, 2, ${i.price ?? '10'}, '${EUR}')`;
  const revision = (r: { revision: number; items: string; shipping: string; total: string }): string =>
    `insert into order_revisions (site_id, order_id, revision, item_count, adjustment_count, items, discount, shipping, tax_added, tax_included, rounding, total, currency, mode, tax_name, rate_per_million, shipping_method_id, shipping_name, created_at)
     values ('${site}', ${q(order)}, ${r.revision}, 1, 0, ${r.items}, 0, ${r.shipping}, 0, 0, 0, ${r.total}, '${EUR}', 'live', 'VAT', 190000, ${q(shipping)}, 'Parcel', ${now})`;
  const log = (l: LogRow): string =>
    `with followed as (update order_state_transition_logs set next_n = ${l.n} where order_id = ${q(order)} and n = ${l.n - 1} and ${l.follows ?? true})
     insert into order_state_transition_logs (site_id, transition_id, order_id, n, from_state, to_state, triggered_by, actor_kind, reason_code, revision, evidence_n, evidence_covered, revision_total, evidence_currency, evidence_mode, "timestamp", next_n)
     values ('${site}', '${v7()}', ${q(order)}, ${l.n}, '${l.from}', '${l.to}', '${l.by}', 'system', 'test', ${l.revision ?? 1}, ${l.evidence ? `${l.evidence.n}, ${l.evidence.covered}, ${l.evidence.total}, '${EUR}', 'live'` : 'null, null, null, null, null'}, ${now}, ${l.next ?? 0})`;
  const orderRow = (orderId: string | undefined, number: string): string =>
    `insert into orders (site_id, order_id, order_number, status, mode, currency, total_amount, revision, last_transition, cart_id, person_id, access_token_hash, version, created_at, updated_at)
     values ('${site}', ${q(orderId)}, '${number}', 'pending_payment', 'live', '${EUR}', 25, 1, 2, ${q(cart)}, ${q(person)}, sha256('${number}'), 1, ${now}, ${now})`;
  const versionRow = (
    versionId: string | undefined,
    v: { number: number; count: number; published: boolean },
  ): string =>
    `insert into product_versions (site_id, version_id, product_id, version_number, title, short_description, detailed_description, inclusion_details, exclusion_details, price_amount, currency, option_names, vendor, product_type, tags, seo_title, seo_description, content_hash, variant_count, is_published, created_at)
     values ('${site}', ${q(versionId)}, ${q(product)}, ${v.number}, 'Lamp', '', '', '', '', 10, '${EUR}', '{}', '', '', '{}', '', '', 'x', ${v.count}, ${v.published}, ${now})`;
  const setUp = [
    siteRow(`'${site}'`, `'s${site.slice(-8)}'`, `'T${site.slice(-6).toUpperCase()}'`),
    `insert into site_configurations (site_id, currency, prices_include_tax, locale, time_zone, country, theme, storefront, ai_enabled, low_stock_at, version, created_at, updated_at) values ('${site}', '${EUR}', true, 'en', 'UTC', 'DE', 'aurora', '{}', false, 3, 1, ${now}, ${now})`,
    `insert into stock_locations values ('${site}', ${q(location)}, 'Main', true, ${now})`,
    `insert into shipping_methods values ('${site}', ${q(shipping)}, 'Parcel', '', 5, '${EUR}', true, 1, ${now}, ${now})`,
    `insert into integration_credential_references values ('${site}', ${q(credential)}, 'x', ${now})`,
    `insert into payment_configurations values ('${site}', ${q(config)}, 'sandbox', 'live', true, ${q(credential)}, ${q(credential)}, ${now}, ${now})`,
    `insert into products (site_id, product_id, title, short_description, visibility, status, currency, price_from, price_to, search_text, version, created_at, updated_at) values ('${site}', ${q(product)}, 'Lamp', '', 'visible', 'published', '${EUR}', 10, 10, 'lamp', 1, ${now}, ${now})`,
    versionRow(version, { number: 1, count: 2, published: true }),
    `insert into variants select '${site}', unnest(array[${q(variant)}, ${q(other)}, ${q(third)}]::uuid[]), ${q(product)}, ${now}`,
    `insert into product_version_variants (site_id, product_id, version_id, n, variant_count, variant_id, options, sku, price, currency, weight_grams, barcode, image_n) values ('${site}', ${q(product)}, ${q(version)}, 1, 2, ${q(variant)}, '{}', '', 10, '${EUR}', 0, '', 0), ('${site}', ${q(product)}, ${q(version)}, 2, 2, ${q(other)}, '{b}', '', 10, '${EUR}', 0, '', 0)`,
    `insert into inventory_movements (site_id, variant_id, location_id, n, prev_on_hand, delta, on_hand, kind, "timestamp") values ('${site}', ${q(variant)}, ${q(location)}, 1, 0, 7, 7, 'opened', ${now})`,
    `insert into inventory_levels values ('${site}', ${q(variant)}, ${q(location)}, 7, 2, 0, 1, ${now})`,
    `insert into carts values ('${site}', ${q(cart)}, sha256('cart'), 'converted', 2, ${now}, ${now})`,
    orderRow(order, 'T-1'),
    revision({ revision: 1, items: '20', shipping: '5', total: '25' }),
    item({ revision: 1, n: 1, count: 1 }),
    log({ n: 1, from: 'none', to: 'draft', by: 'customer', next: 2 }),
    log({ n: 2, from: 'draft', to: 'pending_payment', by: 'customer' }),
    `insert into stock_reservations values ('${site}', ${q(order)}, ${q(variant)}, ${q(location)}, 2, 'held', ${now}, ${now})`,
    `insert into payments (site_id, payment_id, order_id, config_id, provider_name, amount, currency, mode, created_at, updated_at) values ('${site}', ${q(payment)}, ${q(order)}, ${q(config)}, 'sandbox', 25, '${EUR}', 'live', ${now}, ${now})`,
  ];
  await inDatabase(db.ownerUrl, async (client) => {
    await client.query('begin');
    for (const statement of setUp) await client.query(statement);
    await client.query('commit');
  });
  return {
    site,
    order: order ?? '',
    product: product ?? '',
    variant: variant ?? '',
    insertVariant: (v) =>
      `insert into product_version_variants (site_id, product_id, version_id, n, variant_count, variant_id, options, sku, price, currency, weight_grams, barcode, image_n) values ('${site}', ${q(product)}, ${q(version)}, ${v.n}, ${v.count}, ${q(third)}, '{x}', '', 0.01, '${EUR}', 0, '', 0)`,
    insertVersion: ({ count, variants }) => {
      const versionId = v7();
      return `with lines as (insert into product_version_variants (site_id, product_id, version_id, n, variant_count, variant_id, options, sku, price, currency, weight_grams, barcode, image_n)
          select '${site}', ${q(product)}, '${versionId}', n, ${count}, (array[${q(variant)}, ${q(other)}, ${q(third)}]::uuid[])[n], array[n::text], '', 10, '${EUR}', 0, '', 0 from unnest(array[${variants.join()}]::int[]) n)
        ${versionRow(versionId, { number: 2, count, published: false })}`;
    },
    insertItem: item,
    insertRevision: revision,
    insertLog: log,
    insertEvidence: (e) =>
      `insert into payment_evidence (site_id, order_id, n, prev_covered, amount, covered, currency, mode, kind, entry_id, entry_kind, "timestamp")
       values ('${site}', ${q(order)}, ${e.n}, ${e.prev}, ${e.amount}, ${e.covered}, '${EUR}', '${e.mode ?? 'live'}', '${e.kind ?? 'provider_entry'}', ${e.entry ? `'${e.entry}', 'captured'` : 'null, null'}, ${now})`,
    newEntry: (e) => {
      const [entryId, eventId] = [v7(), v7()];
      return {
        id: entryId,
        sql: `with event as (insert into webhook_event_logs values ('${site}', '${eventId}', ${q(config)}, 'sandbox', '${eventId}', 'x', '${site}', 'x', ${now}))
          insert into payment_entries (site_id, entry_id, order_id, payment_id, kind, amount, currency, mode, config_id, webhook_event_id, "timestamp") values ('${site}', '${entryId}', ${q(order)}, ${q(payment)}, '${e.kind ?? 'captured'}', ${e.amount}, '${EUR}', '${e.mode ?? 'live'}', ${q(config)}, '${eventId}', ${now})`,
      };
    },
    insertOrderOfSameCart: () => orderRow(v7(), 'T-2'),
  };
}
