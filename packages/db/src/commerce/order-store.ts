import {
  AWAITING_PAYMENT,
  type Moved,
  ORDER_STATUSES,
  type Order,
  type OrderMode,
  type OrderStatus,
  type PaymentEvidence,
  type Totals,
} from '@souk/domain/commerce';
import {
  type CartId,
  type ConfigId,
  type Currency,
  MOST_COUNTED,
  type Money,
  type OrderId,
  type PaymentId,
  type SiteId,
  type VariantId,
  fromDecimal,
  toDecimal,
} from '@souk/domain/shared';
import type { Database } from '../orm.ts';
import { type SiteTransaction, readAlone, row, send, sql } from '../with-site.ts';

/** The cart of a checkout, locked, with what the shop says of each line now (P3) and the rules of the price. */
export type CheckoutCart = {
  readonly cartId: CartId;
  readonly status: string;
  readonly currency: Currency;
  readonly pricesIncludeTax: boolean;
  readonly tax: { readonly name: string; readonly ratePerMillion: number };
  readonly country: string;
  readonly shipping: { readonly shippingMethodId: string; readonly name: string; readonly price: Money } | undefined;
  readonly payment:
    | { readonly configId: ConfigId; readonly providerName: string; readonly mode: OrderMode }
    | undefined;
  readonly lines: readonly {
    readonly variantId: VariantId;
    readonly productId: string;
    readonly quantity: number;
    readonly priceSeen: Money;
    readonly title: string;
    readonly now: { readonly versionId: string; readonly price: Money } | undefined;
  }[];
};

/**
 * Locks the newest cart of a session: the queue in which two checkouts of one cart wait for each other (C02). One
 * statement, and nothing beside the lock, because what is read with a lock may be older than the lock.
 */
export async function lockNewestCart(tx: SiteTransaction, session: Buffer): Promise<CartId | undefined> {
  const found = await row<{ cart_id: CartId }>(
    tx,
    sql`select cart_id from carts where site_id = ${tx.siteId} and session_identifier = ${session} and status in ('active', 'converted') order by cart_id desc limit 1 for update`,
  );
  return found?.cart_id;
}

/** What a checkout decides on. One statement. */
export async function readCheckoutCart(
  tx: SiteTransaction,
  cartId: CartId,
  choice: { shippingMethodId: string; configId: ConfigId },
): Promise<CheckoutCart> {
  const found = await row<{
    status: string;
    currency: Currency;
    prices_include_tax: boolean;
    country: string;
    tax_name: string | null;
    rate_per_million: number | null;
    shipping: { shippingMethodId: string; name: string; price: string } | null;
    payment: { configId: ConfigId; providerName: string; mode: OrderMode } | null;
    lines: {
      variantId: VariantId;
      productId: string;
      quantity: number;
      priceSeen: string;
      title: string;
      versionId: string | null;
      price: string | null;
    }[];
  }>(
    tx,
    sql`select k.status, c.currency, c.prices_include_tax, c.country, t.name as tax_name, t.rate_per_million,
        (select jsonb_build_object('shippingMethodId', shipping_method_id, 'name', name, 'price', price::text) from shipping_methods
          where site_id = k.site_id and shipping_method_id = ${choice.shippingMethodId} and is_active) as shipping,
        (select jsonb_build_object('configId', config_id, 'providerName', provider_name, 'mode', mode) from payment_configurations
          where site_id = k.site_id and config_id = ${choice.configId} and is_enabled) as payment,
        (select coalesce(jsonb_agg(jsonb_build_object('variantId', i.variant_id, 'productId', i.product_id, 'quantity', i.quantity, 'priceSeen', i.price_seen::text, 'title', p.title,
            'versionId', case when p.status = 'published' and p.visibility = 'visible' then x.version_id end, 'price', x.price::text) order by i.added_at, i.variant_id), '[]'::jsonb)
          from cart_items i cross join lateral (select p.title, p.status, p.visibility from products p where p.site_id = i.site_id and p.product_id = i.product_id limit 1) p
          left join lateral (select v.version_id from product_versions v where v.site_id = i.site_id and v.product_id = i.product_id and v.is_published limit 1) v on true
          left join lateral (select x.version_id, x.price from product_version_variants x where x.site_id = i.site_id and x.version_id = v.version_id and x.variant_id = i.variant_id limit 1) x on true
          where i.site_id = k.site_id and i.cart_id = k.cart_id) as lines
      from carts k join site_configurations c on c.site_id = k.site_id left join tax_rates t on t.site_id = k.site_id and t.is_default
      where k.site_id = ${tx.siteId} and k.cart_id = ${cartId}`,
  );
  if (!found) throw new Error('a locked cart was not found');
  const code = found.currency;
  return {
    cartId,
    status: found.status,
    currency: code,
    pricesIncludeTax: found.prices_include_tax,
    country: found.country,
    tax: { name: found.tax_name ?? 'Tax', ratePerMillion: found.rate_per_million ?? 0 },
    shipping: found.shipping ? { ...found.shipping, price: fromDecimal(found.shipping.price, code) } : undefined,
    payment: found.payment ?? undefined,
    lines: found.lines.map((l) => ({
      variantId: l.variantId,
      productId: l.productId,
      quantity: l.quantity,
      priceSeen: fromDecimal(l.priceSeen, code),
      title: l.title,
      now: l.versionId && l.price ? { versionId: l.versionId, price: fromDecimal(l.price, code) } : undefined,
    })),
  };
}

export type Address = {
  readonly name: string;
  readonly line1: string;
  readonly line2: string;
  readonly postalCode: string;
  readonly city: string;
  readonly country: string;
  readonly phone: string;
};

export type NewOrder = {
  readonly orderId: OrderId;
  readonly orderNumber: string;
  readonly cartId: CartId;
  readonly personId: string;
  readonly customerEmail: string;
  readonly accessTokenHash: Buffer;
  /** Where it was ordered from, as a keyed hash (B01, B02). */
  readonly addressHash: Buffer;
  readonly mode: OrderMode;
  readonly expiresAt: Date;
  readonly totals: Totals;
  readonly tax: { readonly name: string; readonly ratePerMillion: number };
  readonly shipping: { readonly shippingMethodId: string; readonly name: string };
  readonly items: readonly {
    readonly orderItemId: string;
    readonly productId: string;
    readonly versionId: string;
    readonly variantId: VariantId;
    readonly quantity: number;
    readonly price: Money;
  }[];
  readonly address: Address;
  readonly keepUntil: Date;
  readonly payment: {
    readonly paymentId: PaymentId;
    readonly configId: ConfigId;
    readonly providerName: string;
    /** The shop's address as the buyer knows it: where paying leads back to, however often it is begun. */
    readonly returnOrigin: string;
  };
  readonly transitionIds: readonly [string, string];
};

/**
 * Writes a submitted order whole: order, first revision, closed items, party, the log's first two rows, the payment that is
 * to be made, and the cart that became it. One statement; every promise about it is a key of these tables.
 */
export function insertSubmittedOrder(tx: SiteTransaction, o: NewOrder): void {
  const { siteId, at } = tx;
  const { totals } = o;
  const code = totals.total.currency;
  const items = o.items.map((i, index) => ({
    n: index + 1,
    order_item_id: i.orderItemId,
    product_id: i.productId,
    version_id: i.versionId,
    variant_id: i.variantId,
    quantity: i.quantity,
    price: toDecimal(i.price),
  }));
  send(
    tx,
    sql`with o as (insert into orders (site_id, order_id, order_number, status, mode, currency, total_amount, revision, last_transition, cart_id, person_id, customer_email, access_token_hash, address_hash, expires_at, version, created_at, updated_at)
        values (${siteId}, ${o.orderId}, ${o.orderNumber}, 'pending_payment', ${o.mode}, ${code}, ${toDecimal(totals.total)}::numeric, 1, 2, ${o.cartId}, ${o.personId}, ${o.customerEmail}, ${o.accessTokenHash}, ${o.addressHash}, ${o.expiresAt}, 1, ${at}, ${at})),
      r as (insert into order_revisions (site_id, order_id, revision, item_count, adjustment_count, items, discount, shipping, tax_added, tax_included, rounding, total, currency, mode, tax_name, rate_per_million, shipping_method_id, shipping_name, created_at)
        values (${siteId}, ${o.orderId}, 1, ${items.length}, 0, ${toDecimal(totals.items)}::numeric, ${toDecimal(totals.discount)}::numeric, ${toDecimal(totals.shipping)}::numeric, ${toDecimal(totals.taxAdded)}::numeric,
          ${toDecimal(totals.taxIncluded)}::numeric, ${toDecimal(totals.rounding)}::numeric, ${toDecimal(totals.total)}::numeric, ${code}, ${o.mode}, ${o.tax.name}, ${o.tax.ratePerMillion}, ${o.shipping.shippingMethodId}, ${o.shipping.name}, ${at})),
      i as (insert into order_items (site_id, order_id, revision, n, item_count, order_item_id, product_id, product_version_id, variant_id, quantity, price_snapshot, currency)
        select ${siteId}, ${o.orderId}, 1, n, ${items.length}, order_item_id, product_id, version_id, variant_id, quantity, price, ${code}
        from jsonb_to_recordset(${JSON.stringify(items)}::jsonb) as g (n integer, order_item_id uuid, product_id uuid, version_id uuid, variant_id uuid, quantity integer, price numeric)),
      l as (insert into order_state_transition_logs (site_id, transition_id, order_id, n, from_state, to_state, triggered_by, actor_kind, reason_code, revision, "timestamp", next_n)
        values (${siteId}, ${o.transitionIds[0]}, ${o.orderId}, 1, 'none', 'draft', 'customer', 'customer', 'cart_checked_out', 1, ${at}, 2),
          (${siteId}, ${o.transitionIds[1]}, ${o.orderId}, 2, 'draft', 'pending_payment', 'customer', 'customer', 'submitted', 1, ${at}, 0)),
      a as (insert into order_parties (site_id, order_id, kind, person_id, name, line1, line2, postal_code, city, country, phone, keep_until)
        values (${siteId}, ${o.orderId}, 'shipping', ${o.personId}, ${o.address.name}, ${o.address.line1}, ${o.address.line2}, ${o.address.postalCode}, ${o.address.city}, ${o.address.country}, ${o.address.phone}, ${o.keepUntil}::date)),
      p as (insert into payments (site_id, payment_id, order_id, config_id, provider_name, amount, currency, mode, return_origin, created_at, updated_at)
        values (${siteId}, ${o.payment.paymentId}, ${o.orderId}, ${o.payment.configId}, ${o.payment.providerName}, ${toDecimal(totals.total)}::numeric, ${code}, ${o.mode}, ${o.payment.returnOrigin}, ${at}, ${at}))
      update carts set status = 'converted', version = version + 1, updated_at = ${at} where site_id = ${siteId} and cart_id = ${o.cartId} and status = 'active'`,
  );
}

type OrderRow = {
  order_id: OrderId;
  status: OrderStatus;
  mode: OrderMode;
  currency: Currency;
  total_amount: string;
  revision: number;
  last_transition: number;
};
const toOrder = (r: OrderRow): Order => ({
  orderId: r.order_id,
  status: r.status,
  mode: r.mode,
  revision: r.revision,
  lastTransition: r.last_transition,
  total: fromDecimal(r.total_amount, r.currency),
});

/** An order, its row locked to the end of the transaction. */
export async function lockOrder(
  tx: SiteTransaction,
  orderId: OrderId,
): Promise<(Order & { readonly personId: string; readonly version: number }) | undefined> {
  const found = await row<OrderRow & { person_id: string; version: number }>(
    tx,
    sql`select order_id, status, mode, currency, total_amount, revision, last_transition, person_id, version from orders where site_id = ${tx.siteId} and order_id = ${orderId} for update`,
  );
  return found && { ...toOrder(found), personId: found.person_id, version: found.version };
}

/** The newest evidence of an order: how much is covered so far. Asked after the order is locked. */
export async function readCovered(
  tx: SiteTransaction,
  orderId: OrderId,
): Promise<{ n: number; covered: string } | undefined> {
  return row<{ n: number; covered: string }>(
    tx,
    sql`select n, covered from payment_evidence where site_id = ${tx.siteId} and order_id = ${orderId} order by n desc limit 1`,
  );
}

/** What `readCovered` found, as the evidence of its order. */
export const evidenceOf = (order: Order, found: { n: number; covered: string } | undefined): PaymentEvidence => ({
  n: found?.n ?? 0,
  covered: fromDecimal(found?.covered ?? '0', order.total.currency),
  mode: order.mode,
});

/** Who moved an order and why; a row of the log is made of it and of what the domain says happened. */
export type TransitionCause = {
  readonly transitionId: string;
  readonly actor:
    | { readonly kind: 'admin'; readonly id: string }
    | { readonly kind: 'customer' | 'provider' | 'system' };
  readonly reasonCode: string;
  readonly causeId?: string | undefined;
  /** When the order gives up by itself from now on; undefined: never. */
  readonly expiresAt?: Date | undefined;
};

/** Where an order came from is known as long as somebody may still be trying cards on it, and forgotten with its end. */
const keepsAddress = (status: OrderStatus): boolean => AWAITING_PAYMENT.includes(status) || status === 'confirmed';

/**
 * Saves what happened (O1, AU2): the order moves only if nobody moved it meanwhile, and its log row goes with it in one
 * statement. There is no other way to change an order's status. Where the order is not where the event says it came from,
 * the row of the log has no order to belong to and the transaction fails.
 */
export function saveTransition(tx: SiteTransaction, { event }: Moved, cause: TransitionCause): void {
  const e = event.evidence;
  send(
    tx,
    sql`with moved as (update orders set status = ${event.to}, last_transition = ${event.n}, expires_at = ${cause.expiresAt ?? null},
          address_hash = case when ${keepsAddress(event.to)} then address_hash end, version = version + 1, updated_at = ${tx.at}
        where site_id = ${tx.siteId} and order_id = ${event.orderId} and last_transition = ${event.n - 1} and status = ${event.from} returning order_id),
      followed as (update order_state_transition_logs l set next_n = ${event.n} from moved where l.site_id = ${tx.siteId} and l.order_id = moved.order_id and l.n = ${event.n - 1})
      insert into order_state_transition_logs (site_id, transition_id, order_id, n, from_state, to_state, triggered_by, actor_kind, actor_id, reason_code, cause_id, revision,
        evidence_n, evidence_covered, revision_total, evidence_currency, evidence_mode, "timestamp")
      select ${tx.siteId}, ${cause.transitionId}, order_id, ${event.n}, ${event.from}, ${event.to}, ${event.by}, ${cause.actor.kind}, ${'id' in cause.actor ? cause.actor.id : null}::uuid, ${cause.reasonCode}, ${cause.causeId ?? null}::uuid, ${event.revision},
        ${e?.n ?? null}::int, ${e ? toDecimal(e.covered) : null}::numeric, ${e ? toDecimal(e.total) : null}::numeric, ${e?.covered.currency ?? null}::text, ${e?.mode ?? null}::text, ${tx.at} from (select 1) one left join moved on true`,
  );
}

export type OrderListRow = {
  readonly orderId: OrderId;
  readonly orderNumber: string;
  readonly status: OrderStatus;
  readonly mode: OrderMode;
  readonly total: Money;
  readonly itemCount: number;
  readonly customerName: string;
  readonly exceptions: number;
  readonly createdAt: Date;
};

export type OrderFilter = {
  readonly status?: readonly OrderStatus[] | undefined;
  readonly q?: string | undefined;
  /** Only orders with money that waits for a person. */
  readonly toCheck?: boolean | undefined;
};

const matching = (siteId: SiteId, f: OrderFilter) =>
  sql`o.site_id = ${siteId} ${f.status && f.status.length > 0 ? sql`and o.status = any(${[...f.status]}::text[])` : sql``}
    ${f.toCheck ? sql`and exists (select 1 from payment_exceptions x where x.site_id = o.site_id and x.order_id = o.order_id and x.status = 'open')` : sql``}
    ${f.q ? sql`and (o.order_number = upper(${f.q}) or split_part(o.order_number, '-', 2) = ${f.q} or o.customer_email = lower(${f.q}) or exists (select 1 from order_parties q where q.site_id = o.site_id and q.order_id = o.order_id and position(lower(${f.q}) in lower(q.name)) > 0))` : sql``}`;

/** One page of the site's orders, newest first, by key. One statement. */
export async function listOrders(
  db: Database,
  siteId: SiteId,
  filter: OrderFilter & { after?: string | undefined; limit: number },
): Promise<OrderListRow[]> {
  const found = await readAlone<{
    order_id: OrderId;
    order_number: string;
    status: OrderStatus;
    mode: OrderMode;
    currency: Currency;
    total_amount: string;
    pieces: number;
    name: string | null;
    exceptions: number;
    created_at: Date;
  }>(
    db,
    siteId,
    sql`select o.order_id, o.order_number, o.status, o.mode, o.currency, o.total_amount, o.created_at, a.name,
        (select sum(quantity)::int from order_items i where i.site_id = o.site_id and i.order_id = o.order_id and i.revision = o.revision) as pieces,
        (select count(*)::int from payment_exceptions x where x.site_id = o.site_id and x.order_id = o.order_id and x.status = 'open') as exceptions
      from (select * from orders o where ${matching(siteId, filter)} ${filter.after ? sql`and o.order_id < ${filter.after}` : sql``} order by o.order_id desc limit ${filter.limit}) o
      left join lateral (select name from order_parties a where a.site_id = o.site_id and a.order_id = o.order_id and a.kind = 'shipping' limit 1) a on true order by o.order_id desc`,
  );
  return found.map((r) => ({
    orderId: r.order_id,
    orderNumber: r.order_number,
    status: r.status,
    mode: r.mode,
    total: fromDecimal(r.total_amount, r.currency),
    itemCount: r.pieces,
    customerName: r.name ?? '',
    exceptions: r.exceptions,
    createdAt: r.created_at,
  }));
}

/** How many orders each status has, and how many have money that waits for a person, each up to `MOST_COUNTED` and one more. One statement. */
export async function countOrders(
  db: Database,
  siteId: SiteId,
): Promise<{ byStatus: Partial<Record<OrderStatus, number>>; toCheck: number }> {
  const found = await readAlone<{ status: OrderStatus; count: number; to_check: number }>(
    db,
    siteId,
    sql`select s.status, (select count(*)::int from (select 1 from orders o where o.site_id = ${siteId} and o.status = s.status limit ${MOST_COUNTED + 1}) counted) as count,
        (select count(*)::int from (select distinct order_id from payment_exceptions where site_id = ${siteId} and status = 'open' limit ${MOST_COUNTED + 1}) counted) as to_check
      from unnest(${[...ORDER_STATUSES]}::text[]) as s (status)`,
  );
  return {
    byStatus: Object.fromEntries(found.filter((f) => f.count > 0).map((f) => [f.status, f.count])),
    toCheck: found[0]?.to_check ?? 0,
  };
}

export type OrderDetail = {
  readonly orderId: OrderId;
  readonly orderNumber: string;
  readonly status: OrderStatus;
  readonly mode: OrderMode;
  readonly version: number;
  readonly createdAt: Date;
  readonly expiresAt: Date | undefined;
  readonly personId: string;
  readonly customerEmail: string | undefined;
  readonly total: Money;
  readonly totals: {
    readonly items: Money;
    readonly discount: Money;
    readonly shipping: Money;
    readonly taxAdded: Money;
    readonly taxIncluded: Money;
    readonly taxName: string;
    readonly ratePerMillion: number;
    readonly shippingName: string;
  };
  readonly items: readonly {
    readonly n: number;
    readonly productId: string;
    readonly title: string;
    readonly options: readonly string[];
    readonly sku: string;
    readonly quantity: number;
    readonly price: Money;
    readonly versionNumber: number;
    readonly slug: string;
    readonly imageHash: string | undefined;
  }[];
  readonly address: Address | undefined;
  readonly transitions: readonly {
    readonly n: number;
    readonly from: string;
    readonly to: OrderStatus;
    readonly triggeredBy: string;
    readonly actorKind: string;
    readonly actorId: string | undefined;
    readonly reasonCode: string;
    readonly timestamp: Date;
  }[];
  readonly payments: readonly {
    readonly paymentId: PaymentId;
    readonly providerName: string;
    readonly providerReference: string | undefined;
    readonly redirectUrl: string | undefined;
    readonly configId: ConfigId;
    readonly amount: Money;
    readonly entries: readonly { readonly kind: string; readonly amount: Money; readonly timestamp: Date }[];
  }[];
  readonly evidence: readonly {
    readonly n: number;
    readonly kind: string;
    readonly amount: Money;
    readonly covered: Money;
    readonly timestamp: Date;
  }[];
  readonly exceptions: readonly {
    readonly exceptionId: string;
    readonly kind: string;
    readonly amount: Money;
    readonly status: string;
    readonly createdAt: Date;
  }[];
  readonly fulfilments: readonly {
    readonly fulfilmentId: string;
    readonly status: string;
    readonly carrier: string;
    readonly trackingNumber: string;
    readonly shippedAt: Date | undefined;
  }[];
};

type DetailRow = {
  order_id: OrderId;
  order_number: string;
  status: OrderStatus;
  mode: OrderMode;
  version: number;
  created_at: Date;
  expires_at: Date | null;
  person_id: string;
  customer_email: string | null;
  currency: Currency;
  total_amount: string;
  items_total: string;
  discount: string;
  shipping: string;
  tax_added: string;
  tax_included: string;
  tax_name: string;
  rate_per_million: number;
  shipping_name: string;
  items: {
    n: number;
    productId: string;
    title: string;
    options: string[];
    sku: string;
    quantity: number;
    price: string;
    versionNumber: number;
    slug: string;
    imageHash: string | null;
  }[];
  address: Address | null;
  transitions: {
    n: number;
    from: string;
    to: OrderStatus;
    triggeredBy: string;
    actorKind: string;
    actorId: string | null;
    reasonCode: string;
    timestamp: string;
  }[];
  payments: {
    paymentId: PaymentId;
    providerName: string;
    providerReference: string | null;
    redirectUrl: string | null;
    configId: ConfigId;
    amount: string;
    entries: { kind: string; amount: string; currency: Currency; timestamp: string }[];
  }[];
  evidence: { n: number; kind: string; amount: string; covered: string; timestamp: string }[];
  exceptions: {
    exceptionId: string;
    kind: string;
    amount: string;
    currency: Currency;
    status: string;
    createdAt: string;
  }[];
  fulfilments: {
    fulfilmentId: string;
    status: string;
    carrier: string;
    trackingNumber: string;
    shippedAt: string | null;
  }[];
};

/** Everything an order's page shows, for the admin or for its buyer. One statement whatever the order holds. */
export async function findOrder(
  tx: SiteTransaction,
  by: { orderId: OrderId } | { accessTokenHash: Buffer },
): Promise<OrderDetail | undefined> {
  const r = await row<DetailRow>(
    tx,
    sql`select o.order_id, o.order_number, o.status, o.mode, o.version, o.created_at, o.expires_at, o.person_id, o.customer_email, o.currency, o.total_amount,
        r.items as items_total, r.discount, r.shipping, r.tax_added, r.tax_included, r.tax_name, r.rate_per_million, r.shipping_name,
        (select jsonb_agg(jsonb_build_object('n', i.n, 'productId', i.product_id, 'title', v.title, 'options', x.options, 'sku', x.sku, 'quantity', i.quantity, 'price', i.price_snapshot::text, 'versionNumber', v.version_number, 'slug', coalesce(s.slug, ''),
            'imageHash', (select m.content_hash from product_media pm join media m on m.site_id = pm.site_id and m.media_id = pm.media_id and m.status = 'ready' where pm.site_id = i.site_id and pm.product_id = i.product_id order by pm.n limit 1)) order by i.n)
          from order_items i join product_versions v on v.site_id = i.site_id and v.version_id = i.product_version_id
          join product_version_variants x on x.site_id = i.site_id and x.version_id = i.product_version_id and x.variant_id = i.variant_id
          left join slugs s on s.site_id = i.site_id and s.kind = 'product' and s.target_id = i.product_id and s.is_current
          where i.site_id = o.site_id and i.order_id = o.order_id and i.revision = o.revision) as items,
        (select jsonb_build_object('name', name, 'line1', line1, 'line2', line2, 'postalCode', postal_code, 'city', city, 'country', country, 'phone', phone) from order_parties
          where site_id = o.site_id and order_id = o.order_id and kind = 'shipping') as address,
        (select jsonb_agg(jsonb_build_object('n', n, 'from', from_state, 'to', to_state, 'triggeredBy', triggered_by, 'actorKind', actor_kind, 'actorId', actor_id, 'reasonCode', reason_code, 'timestamp', "timestamp") order by n)
          from order_state_transition_logs where site_id = o.site_id and order_id = o.order_id) as transitions,
        (select coalesce(jsonb_agg(jsonb_build_object('paymentId', p.payment_id, 'providerName', p.provider_name, 'providerReference', p.provider_reference, 'redirectUrl', p.redirect_url, 'configId', p.config_id, 'amount', p.amount::text,
            'entries', (select coalesce(jsonb_agg(jsonb_build_object('kind', e.kind, 'amount', e.amount::text, 'currency', e.currency, 'timestamp', e."timestamp") order by e.entry_id), '[]'::jsonb)
              from payment_entries e where e.site_id = p.site_id and e.order_id = p.order_id and e.payment_id = p.payment_id)) order by p.payment_id), '[]'::jsonb)
          from payments p where p.site_id = o.site_id and p.order_id = o.order_id) as payments,
        (select coalesce(jsonb_agg(jsonb_build_object('n', n, 'kind', kind, 'amount', amount::text, 'covered', covered::text, 'timestamp', "timestamp") order by n), '[]'::jsonb)
          from payment_evidence where site_id = o.site_id and order_id = o.order_id) as evidence,
        (select coalesce(jsonb_agg(jsonb_build_object('exceptionId', exception_id, 'kind', kind, 'amount', amount::text, 'currency', currency, 'status', status, 'createdAt', created_at) order by exception_id), '[]'::jsonb)
          from payment_exceptions where site_id = o.site_id and order_id = o.order_id) as exceptions,
        (select coalesce(jsonb_agg(jsonb_build_object('fulfilmentId', fulfilment_id, 'status', status, 'carrier', carrier, 'trackingNumber', tracking_number, 'shippedAt', shipped_at) order by fulfilment_id), '[]'::jsonb)
          from fulfilments where site_id = o.site_id and order_id = o.order_id) as fulfilments
      from orders o join order_revisions r on r.site_id = o.site_id and r.order_id = o.order_id and r.revision = o.revision
      where o.site_id = ${tx.siteId} and ${'orderId' in by ? sql`o.order_id = ${by.orderId}` : sql`o.access_token_hash = ${by.accessTokenHash}`}`,
  );
  if (!r) return undefined;
  const m = (text: string): Money => fromDecimal(text, r.currency);
  return {
    orderId: r.order_id,
    orderNumber: r.order_number,
    status: r.status,
    mode: r.mode,
    version: r.version,
    createdAt: r.created_at,
    expiresAt: r.expires_at ?? undefined,
    personId: r.person_id,
    customerEmail: r.customer_email ?? undefined,
    total: m(r.total_amount),
    totals: {
      items: m(r.items_total),
      discount: m(r.discount),
      shipping: m(r.shipping),
      taxAdded: m(r.tax_added),
      taxIncluded: m(r.tax_included),
      taxName: r.tax_name,
      ratePerMillion: r.rate_per_million,
      shippingName: r.shipping_name,
    },
    items: r.items.map((i) => ({ ...i, price: m(i.price), imageHash: i.imageHash ?? undefined })),
    address: r.address ?? undefined,
    transitions: r.transitions.map((t) => ({
      ...t,
      actorId: t.actorId ?? undefined,
      timestamp: new Date(t.timestamp),
    })),
    payments: r.payments.map((p) => ({
      ...p,
      providerReference: p.providerReference ?? undefined,
      redirectUrl: p.redirectUrl ?? undefined,
      amount: m(p.amount),
      entries: p.entries.map((e) => ({
        kind: e.kind,
        amount: fromDecimal(e.amount, e.currency),
        timestamp: new Date(e.timestamp),
      })),
    })),
    evidence: r.evidence.map((e) => ({
      n: e.n,
      kind: e.kind,
      amount: m(e.amount),
      covered: m(e.covered),
      timestamp: new Date(e.timestamp),
    })),
    exceptions: r.exceptions.map((e) => ({
      exceptionId: e.exceptionId,
      kind: e.kind,
      status: e.status,
      amount: fromDecimal(e.amount, e.currency),
      createdAt: new Date(e.createdAt),
    })),
    fulfilments: r.fulfilments.map((f) => ({
      ...f,
      shippedAt: f.shippedAt === null ? undefined : new Date(f.shippedAt),
    })),
  };
}

/** Writes the one parcel of an order, on its way. */
export function insertShippedFulfilment(
  tx: SiteTransaction,
  f: { fulfilmentId: string; orderId: OrderId; carrier: string; trackingNumber: string },
): void {
  send(
    tx,
    sql`insert into fulfilments (site_id, fulfilment_id, order_id, status, carrier, tracking_number, shipped_at, version, created_at, updated_at)
      values (${tx.siteId}, ${f.fulfilmentId}, ${f.orderId}, 'shipped', ${f.carrier}, ${f.trackingNumber}, ${tx.at}, 1, ${tx.at}, ${tx.at})`,
  );
}

/** Where an order stands and how often it has changed: what an open order page asks again and again. One round trip. */
export async function findOrderStatus(
  db: Database,
  siteId: SiteId,
  accessTokenHash: Buffer,
): Promise<{ status: OrderStatus; version: number } | undefined> {
  const [found] = await readAlone<{ status: OrderStatus; version: number }>(
    db,
    siteId,
    sql`select status, version from orders where site_id = ${siteId} and access_token_hash = ${accessTokenHash}`,
  );
  return found;
}
