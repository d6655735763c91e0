import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { brokenInvariants } from '@souk/db';
import { inDatabase } from '@souk/db/testing';
import { ownerRows, until } from '../start-test-api.ts';
import type { Shop } from './shop-life.ts';

/** Queries that must find nothing: halves of things that are one, beside what invariants.sql looks for. */
const HALVES: Readonly<Record<string, string>> = {
  'an order without its payment':
    'select o.order_id from orders o where not exists (select 1 from payments p where p.site_id = o.site_id and p.order_id = o.order_id)',
  'an order without its address':
    'select o.order_id from orders o where not exists (select 1 from order_parties p where p.site_id = o.site_id and p.order_id = o.order_id)',
  'an order without the answer to its form':
    "select o.order_id from orders o where not exists (select 1 from idempotency_keys k where k.site_id = o.site_id and k.response->>'orderId' = o.order_id::text)",
  'an order that nobody was told of':
    "select o.order_id from orders o where not exists (select 1 from outbox_events e where e.site_id = o.site_id and e.entity_id = o.order_id and e.kind = 'order.submitted')",
  'a confirmation that nobody was told of':
    "select l.order_id from order_state_transition_logs l where l.to_state = 'confirmed' and not exists (select 1 from outbox_events e where e.site_id = l.site_id and e.entity_id = l.order_id and e.kind = 'order.confirmed')",
  'a deed of an admin without its row in the log':
    "select l.order_id from order_state_transition_logs l where l.triggered_by = 'admin' and not exists (select 1 from admin_action_logs a where a.site_id = l.site_id and a.entity_id = l.order_id and a.action in ('orders.fulfil', 'orders.cancel'))",
  'a parcel without its order sent, or the other way round':
    "select o.order_id from orders o left join fulfilments f on f.site_id = o.site_id and f.order_id = o.order_id where (o.status = 'completed') <> (f.fulfilment_id is not null)",
  'a processed notice without what came of it':
    "select e.event_id from processed_events e where not exists (select 1 from webhook_processing_attempts a where a.site_id = e.site_id and a.webhook_event_id = e.event_id and a.status in ('processed', 'ignored'))",
};

/** What is broken or half done in the database at this moment; processes may be at work. */
export async function halfDone(ownerUrl: string): Promise<string[]> {
  return inDatabase(ownerUrl, async (client) => {
    const found = (await brokenInvariants(client)).map(
      ({ invariant, rows }) => `${invariant}: ${JSON.stringify(rows.slice(0, 3))}`,
    );
    for (const [name, text] of Object.entries(HALVES)) {
      const { rows } = await client.query(`${text} limit 3`);
      if (rows.length > 0) found.push(`${name}: ${JSON.stringify(rows)}`);
    }
    return found;
  });
}

/** Of what people were told, what is not there. */
export async function lost({ them, told }: Pick<Shop, 'them' | 'told'>): Promise<string[]> {
  // Asked of the database after the list is taken, so that what is told meanwhile is no loss.
  const orders = [...told.orders];
  const moved = [...told.moved];
  const found = new Map(
    (
      await ownerRows<{ order_id: string; states: string[] }>(
        them.db,
        'select order_id, array_agg(to_state order by n) as states from order_state_transition_logs group by order_id',
      )
    ).map((row) => [row.order_id, row.states] as const),
  );
  return [
    ...orders.filter((id) => !found.has(id)).map((id) => `the order ${id} was told and is not there`),
    ...moved
      .filter(([id, state]) => !found.get(id)?.includes(state))
      .map(([id, state]) => `the order ${id} was told to be ${state} and is ${found.get(id)?.at(-1)}`),
  ];
}

const cents = (amount: string): number => Math.round(Number(amount) * 100);

/** Notices that the provider could not deliver: a person there sends them again, as real providers' people do. */
async function deliverAll({ them }: Shop): Promise<void> {
  const undelivered = () =>
    them.sandbox
      .books()
      .notices.flatMap((n) => n.deliveries.filter((d) => !d.attempts.some((a) => (a.status ?? 500) < 300)));
  await until('every notice is delivered', () => undelivered().length === 0, 60);
}

/**
 * Holds the shop against the provider's own books, to the cent, when everything has settled: orders, money, stock and mail.
 * @returns every difference in words; none when they agree.
 */
export async function reconcile(shop: Shop): Promise<string[]> {
  const { them, site, told } = shop;
  await deliverAll(shop);
  const wrong = [...told.odd, ...(await halfDone(them.db.ownerUrl)), ...(await lost(shop))];
  const rows = <Row extends Record<string, unknown>>(text: string): Promise<Row[]> =>
    ownerRows<Row>(them.db, text, [site.siteId]);
  const check = (isRight: boolean, words: string): void => void (isRight || wrong.push(words));

  // Every order was told to somebody, and nobody has two for one form.
  const orders = await rows<{ order_id: string; status: string; total: string }>(
    'select order_id, status, total_amount::text as total from orders where site_id = $1',
  );
  check(orders.length === told.orders.size, `${orders.length} orders stand and ${told.orders.size} were told`);

  // Money: what the provider has captured is what we have written down, payment by payment.
  const captured = them.sandbox
    .books()
    .sessions.flatMap((session) =>
      session.entries
        .filter((entry) => entry.kind === 'captured')
        .map((entry) => `${session.reference} ${cents(entry.amount)} ${entry.currency}`),
    );
  const entries = await rows<{ entry: string; amount: string; currency: string; is_evidence: boolean; waits: boolean }>(
    `select p.payment_id || ' ' || (p.amount * 100)::bigint || ' ' || p.currency as entry, p.amount::text, p.currency,
      exists (select 1 from payment_evidence e where e.site_id = p.site_id and e.entry_id = p.entry_id) as is_evidence,
      exists (select 1 from payment_exceptions x where x.site_id = p.site_id and x.entry_id = p.entry_id) as waits
     from payment_entries p where p.site_id = $1 and p.kind = 'captured'`,
  );
  const [theirs, ours] = [captured.toSorted(), entries.map((e) => e.entry).toSorted()];
  check(
    theirs.join() === ours.join(),
    `money at the provider that we do not know: ${theirs.filter((e) => !ours.includes(e)).join(', ')}; ours that it does not: ${ours.filter((e) => !theirs.includes(e)).join(', ')}`,
  );
  for (const { entry, is_evidence, waits } of entries)
    check(is_evidence || waits, `captured money is neither evidence nor waits for a person: ${entry}`);
  const [covered] = await rows<{ covered: string }>(
    "select coalesce(sum(amount), 0)::text as covered from payment_evidence where site_id = $1 and kind = 'provider_entry'",
  );
  const inOurCurrency = them.sandbox
    .books()
    .sessions.flatMap((s) => s.entries)
    .filter((e) => e.kind === 'captured' && e.currency === site.currency)
    .reduce((sum, e) => sum + cents(e.amount), 0);
  check(
    inOurCurrency === cents(covered?.covered ?? '0'),
    `the provider has captured ${inOurCurrency} cents, evidence is ${cents(covered?.covered ?? '0')}`,
  );
  const sessions = them.sandbox.books().sessions.map((s) => s.reference);
  check(new Set(sessions).size === sessions.length, 'the provider has two sessions for one payment');

  // Who has paid enough has an order that goes on, or money that waits for a person.
  const paid = await rows<{ order_id: string; status: string }>(
    `select o.order_id, o.status from orders o where o.site_id = $1
      and (select coalesce(max(covered), 0) from payment_evidence e where e.site_id = o.site_id and e.order_id = o.order_id) >= o.total_amount
      and o.status not in ('confirmed', 'completed')
      and not exists (select 1 from payment_exceptions x where x.site_id = o.site_id and x.order_id = o.order_id)`,
  );
  check(paid.length === 0, `paid orders that nobody looks at: ${JSON.stringify(paid.slice(0, 3))}`);

  // Stock: on hand and sold is what there was; reserved is what orders hold.
  const stock = await rows<{ variant_id: string; on_hand: number; reserved: number; sold: number; held: number }>(
    `select l.variant_id, l.on_hand, l.reserved,
      (select coalesce(sum(i.quantity), 0)::int from order_items i join orders o on o.site_id = i.site_id and o.order_id = i.order_id and o.revision = i.revision
        where i.site_id = l.site_id and i.variant_id = l.variant_id and o.status = 'completed') as sold,
      (select coalesce(sum(i.quantity), 0)::int from order_items i join orders o on o.site_id = i.site_id and o.order_id = i.order_id and o.revision = i.revision
        where i.site_id = l.site_id and i.variant_id = l.variant_id and o.status in ('pending_payment', 'payment_authorized', 'confirmed')) as held
     from inventory_levels l where l.site_id = $1`,
  );
  for (const { variantId, stock: start } of site.products.flatMap((p) => p.variants)) {
    const level = stock.find((s) => s.variant_id === variantId);
    check(
      level !== undefined && level.on_hand + level.sold === start && level.reserved === level.held,
      `stock does not add up: ${start} at the start, now ${JSON.stringify(level)}`,
    );
  }

  // Mail: each thing that is told is told once, and lies in the mailbox.
  const mails = await rows<{ order_id: string; email_type: string; wanted: number; sent: number }>(
    `with wanted as (
       select l.order_id, 'order_confirmed' as email_type, 1 as n from order_state_transition_logs l where l.site_id = $1 and l.to_state = 'confirmed'
       union all select l.order_id, 'order_shipped', 1 from order_state_transition_logs l where l.site_id = $1 and l.to_state = 'completed'),
     sent as (select order_id, email_type, count(*)::int as n from email_dispatch_logs where site_id = $1 and status = 'accepted' group by 1, 2)
     select coalesce(w.order_id, s.order_id) as order_id, coalesce(w.email_type, s.email_type) as email_type, coalesce(w.n, 0) as wanted, coalesce(s.n, 0) as sent
     from wanted w full join sent s using (order_id, email_type) where coalesce(w.n, 0) <> coalesce(s.n, 0)`,
  );
  check(mails.length === 0, `mails: ${JSON.stringify(mails.slice(0, 3))}`);
  const [accepted] = await rows<{ n: number }>(
    "select count(distinct dispatch_id)::int as n from email_dispatch_logs where site_id = $1 and status = 'accepted'",
  );
  const box = join(them.home, 'mail');
  const files = existsSync(box) ? readdirSync(box).filter((name) => name.endsWith('.eml')).length : 0;
  check(accepted?.n === files, `${accepted?.n} mails were accepted and ${files} lie in the mailbox`);
  return wrong;
}
