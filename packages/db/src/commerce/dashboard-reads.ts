import type { Currency } from '@souk/domain/shared';
import { type Money, fromDecimal } from '@souk/domain/shared';
import { type SiteTransaction, row, sql } from '../with-site.ts';

export type Dashboard = {
  readonly currency: Currency;
  /** One per day of the site's time zone, oldest first; days without orders are there with zero. */
  readonly days: readonly { readonly day: string; readonly orders: number; readonly revenue: Money }[];
  readonly before: { readonly orders: number; readonly revenue: Money };
  readonly waiting: {
    readonly toFulfil: number;
    readonly unpaid: number;
    readonly exceptions: number;
    readonly lowStock: number;
    readonly drafts: number;
  };
  readonly bestSellers: readonly {
    readonly productId: string;
    readonly title: string;
    readonly pieces: number;
    readonly revenue: Money;
  }[];
};

/** What a site has come to, for its first days: from its rows alone. */
export type FirstSteps = {
  readonly hasProduct: boolean;
  /** Something that visitors see and can buy. */
  readonly sellsSomething: boolean;
  readonly hasBeenPaid: boolean;
  /** Whether there is a way to pay at all. */
  readonly takesPayments: boolean;
};

/** How far a new site has come. One statement, each part of it found by the first row. */
export async function readFirstSteps(tx: SiteTransaction): Promise<FirstSteps> {
  const found = await row<FirstSteps>(
    tx,
    sql`select exists (select from products where site_id = ${tx.siteId}) as "hasProduct",
        exists (select from products where site_id = ${tx.siteId} and status = 'published' and visibility = 'visible') as "sellsSomething",
        exists (select from payment_entries where site_id = ${tx.siteId} and kind = 'captured') as "hasBeenPaid",
        exists (select from payment_configurations where site_id = ${tx.siteId} and is_enabled) as "takesPayments"`,
  );
  if (!found) throw new Error('the database did not answer');
  return found;
}

/** The figures of the last `days` days and of as many before them, from orders that were paid. One statement. */
export async function readDashboard(tx: SiteTransaction, days: number): Promise<Dashboard> {
  const r = await row<{
    currency: Currency;
    days: { day: string; orders: number; revenue: string }[];
    before: { orders: number; revenue: string };
    waiting: Dashboard['waiting'];
    best: { productId: string; title: string; pieces: number; revenue: string }[];
  }>(
    tx,
    sql`with c as (select currency, time_zone, low_stock_at from site_configurations where site_id = ${tx.siteId}),
      today as (select (${tx.at}::timestamptz at time zone c.time_zone)::date as day from c),
      -- Where real money is taken, play money is no revenue.
      real as (select exists (select 1 from payment_configurations where site_id = ${tx.siteId} and is_enabled and mode = 'live') as money),
      paid as (select o.order_id, o.revision, (o.created_at at time zone c.time_zone)::date as day, o.total_amount from orders o, c, today, real
        where o.site_id = ${tx.siteId} and (o.mode = 'live' or not real.money) and o.status in ('confirmed', 'on_hold', 'processing', 'completed') and o.created_at > ${tx.at}::timestamptz - make_interval(days => ${days * 2 + 1}))
      select c.currency,
        (select jsonb_agg(jsonb_build_object('day', d.day::date, 'orders', coalesce(x.orders, 0), 'revenue', coalesce(x.revenue, 0)::text) order by d.day)
          from today, generate_series(today.day - ${days - 1}::int, today.day, interval '1 day') as d (day)
          left join (select day, count(*) as orders, sum(total_amount) as revenue from paid group by day) x on x.day = d.day::date) as days,
        (select jsonb_build_object('orders', count(*), 'revenue', coalesce(sum(total_amount), 0)::text) from paid, today
          where paid.day > today.day - ${days * 2}::int and paid.day <= today.day - ${days}::int) as before,
        jsonb_build_object(
          'toFulfil', (select count(*) from orders where site_id = ${tx.siteId} and status in ('confirmed', 'processing')),
          'unpaid', (select count(*) from orders where site_id = ${tx.siteId} and status in ('pending_payment', 'payment_failed', 'payment_authorized')),
          'exceptions', (select count(*) from payment_exceptions where site_id = ${tx.siteId} and status = 'open'),
          'lowStock', (select count(*) from inventory_levels l join variants v on v.site_id = l.site_id and v.variant_id = l.variant_id
            join products p on p.site_id = v.site_id and p.product_id = v.product_id and p.status = 'published' where l.site_id = ${tx.siteId} and l.on_hand - l.reserved <= c.low_stock_at),
          'drafts', (select count(*) from products where site_id = ${tx.siteId} and status = 'draft')) as waiting,
        (select coalesce(jsonb_agg(jsonb_build_object('productId', b.product_id, 'title', b.title, 'pieces', b.pieces, 'revenue', b.revenue::text) order by b.pieces desc, b.title), '[]'::jsonb)
          from (select i.product_id, p.title, sum(i.quantity)::int as pieces, sum(i.quantity * i.price_snapshot) as revenue
            from paid join today on paid.day > today.day - ${days}::int join order_items i on i.site_id = ${tx.siteId} and i.order_id = paid.order_id and i.revision = paid.revision
            join products p on p.site_id = i.site_id and p.product_id = i.product_id group by i.product_id, p.title order by pieces desc, p.title limit 5) b) as best
      from c`,
  );
  if (!r) throw new Error('the site has no configuration');
  const m = (text: string): Money => fromDecimal(text, r.currency);
  return {
    currency: r.currency,
    days: r.days.map((d) => ({ ...d, revenue: m(d.revenue) })),
    before: { orders: r.before.orders, revenue: m(r.before.revenue) },
    waiting: r.waiting,
    bestSellers: r.best.map((b) => ({ ...b, revenue: m(b.revenue) })),
  };
}
