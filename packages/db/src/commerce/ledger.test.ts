import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import pg from 'pg';
import { type TestDatabase, openTestDatabase } from '../testing/index.ts';
import { type Ledger, makeLedger } from '../testing/ledger-scene.ts';

/*
 * The order's promises, attacked with raw SQL as the application role with its site set: everything here must be refused by
 * the database itself, whatever the code above it does.
 */

let db: TestDatabase;
let app: pg.Client;
let ledger: Ledger;

beforeAll(async () => {
  db = await openTestDatabase();
  ledger = await makeLedger(db);
  app = new pg.Client({ connectionString: db.urls.app });
  await app.connect();
});
afterAll(async () => {
  await app.end();
  await db.close();
});

/** Runs statements in one transaction of the site and says how it ended: `ok`, or the SQLSTATE that refused it. */
async function attempt(...statements: readonly string[]): Promise<string> {
  await app.query('begin');
  try {
    await app.query("select set_config('app.site_id', $1, true)", [ledger.site]);
    for (const statement of statements) await app.query(statement);
    await app.query('commit');
    return 'ok';
  } catch (error) {
    await app.query('rollback');
    return error instanceof pg.DatabaseError ? (error.code ?? 'unknown') : String(error);
  }
}

const FOREIGN_KEY = '23503';
const CHECK = '23514';
const DENIED = '42501';
const UNIQUE = '23505';

describe('G5 · closed sets', () => {
  test('G5 · a third variant cannot join a version of two', async () => {
    expect(await attempt(ledger.insertVariant({ n: 3, count: 2 }))).toBe(CHECK);
  });
  test('G5 · nor with a forged count', async () => {
    expect(await attempt(ledger.insertVariant({ n: 3, count: 3 }))).toBe(FOREIGN_KEY);
  });
  test('G5 · nor with the count left out', async () => {
    expect(await attempt(ledger.insertVariant({ n: 3, count: 'null' }))).toBe('23502');
  });
  test('G5 · a version with fewer variants than it says is refused: none, the first ones, the first and the last', async () => {
    expect(await attempt(ledger.insertVersion({ count: 3, variants: [] }))).toBe(FOREIGN_KEY);
    expect(await attempt(ledger.insertVersion({ count: 3, variants: [1, 2] }))).toBe(FOREIGN_KEY);
    expect(await attempt(ledger.insertVersion({ count: 3, variants: [1, 3] }))).toBe(FOREIGN_KEY);
    expect(await attempt(ledger.insertVersion({ count: 3, variants: [2, 3] }))).toBe(FOREIGN_KEY);
    expect(await attempt(ledger.insertVersion({ count: 3, variants: [3, 1, 2] }))).toBe('ok');
  });
  test('G5 · one more item cannot join a submitted order', async () => {
    expect(await attempt(ledger.insertItem({ revision: 1, n: 2, count: 1, second: true }))).toBe(CHECK);
    expect(await attempt(ledger.insertItem({ revision: 1, n: 2, count: 2, second: true }))).toBe(FOREIGN_KEY);
  });
});

describe('P2 · prices are those of the version sold', () => {
  test('P2 · an item at a price the version does not have is refused', async () => {
    expect(
      await attempt(
        ledger.insertRevision({ revision: 2, items: '0.01', shipping: '0', total: '0.01' }),
        ledger.insertItem({ revision: 2, n: 1, count: 1, price: '0.01' }),
      ),
    ).toBe(FOREIGN_KEY);
  });
  test('P2 · nor an item without a price', async () => {
    expect(
      await attempt(
        ledger.insertRevision({ revision: 2, items: '20', shipping: '5', total: '25' }),
        ledger.insertItem({ revision: 2, n: 1, count: 1, price: 'null' }),
      ),
    ).toMatch(/23502|23514/);
  });
});

describe('O6 · the total is what its parts say', () => {
  test('O6 · the total cannot be changed on the order', async () => {
    expect(await attempt(`update orders set total_amount = 1 where order_id = '${ledger.order}'`)).toBe(FOREIGN_KEY);
  });
  test('O2 · an order is not moved onto a cheaper revision with everything else in order', async () => {
    expect(
      await attempt(
        ledger.insertRevision({ revision: 2, items: '20', shipping: '0', total: '20' }),
        ledger.insertItem({ revision: 2, n: 1, count: 1 }),
        ledger.insertLog({ n: 3, from: 'pending_payment', to: 'payment_failed', by: 'webhook', revision: 2 }),
        `update orders set status = 'payment_failed', last_transition = 3, revision = 2, total_amount = 20 where order_id = '${ledger.order}'`,
      ),
    ).toBe(CHECK);
  });

  test('O6 · a revision whose total is not its parts is refused', async () => {
    expect(await attempt(ledger.insertRevision({ revision: 2, items: '20', shipping: '5', total: '1' }))).toBe(CHECK);
  });
  test('O6 · an amount with more decimals than the currency has is refused', async () => {
    expect(await attempt(ledger.insertRevision({ revision: 2, items: '20.001', shipping: '4.999', total: '25' }))).toBe(
      CHECK,
    );
  });
});

describe('O1 AU2 · transitions', () => {
  test('AU2 · the status cannot change without a log row', async () => {
    expect(await attempt(`update orders set status = 'confirmed' where order_id = '${ledger.order}'`)).toBe(
      FOREIGN_KEY,
    );
  });
  const expired = { n: 3, from: 'pending_payment', to: 'expired', by: 'scheduler' } as const;
  const orderIs = (status: string, n: number): string =>
    `update orders set status = '${status}', last_transition = ${n} where order_id = '${ledger.order}'`;
  const nextIs = (n: number, next: number): string =>
    `update order_state_transition_logs set next_n = ${next} where order_id = '${ledger.order}' and n = ${n}`;
  test('AU2 · an order is not set back to a state it was in, by whatever the log is told', async () => {
    expect(await attempt(orderIs('draft', 1))).toBe(FOREIGN_KEY);
    expect(await attempt(nextIs(1, 0), orderIs('draft', 1))).toBe(FOREIGN_KEY);
    expect(await attempt(nextIs(1, 3), orderIs('draft', 1))).toBe(FOREIGN_KEY);
    expect(await attempt(ledger.insertLog(expired), orderIs('expired', 3), orderIs('pending_payment', 2))).toBe(
      FOREIGN_KEY,
    );
    expect(
      await attempt(
        ledger.insertLog(expired),
        orderIs('expired', 3),
        'set constraints all immediate',
        'set constraints all deferred',
        nextIs(2, 0),
        orderIs('pending_payment', 2),
      ),
    ).toBe(FOREIGN_KEY);
  });
  test('AU2 · the log does not go ahead of its order, and says of no row that another came after it', async () => {
    expect(await attempt(ledger.insertLog(expired))).toBe(FOREIGN_KEY);
    expect(await attempt(ledger.insertLog({ ...expired, follows: false }))).toBe(FOREIGN_KEY);
    expect(await attempt(ledger.insertLog({ ...expired, follows: false }), orderIs('expired', 3))).toBe(FOREIGN_KEY);
    expect(await attempt(ledger.insertLog({ ...expired, next: 4 }), orderIs('expired', 3))).toBe(FOREIGN_KEY);
    expect(await attempt(nextIs(2, 3))).toBe(FOREIGN_KEY);
    // The row skipped, and the row told of one that is not the next.
    expect(await attempt(ledger.insertLog({ ...expired, n: 4 }), nextIs(2, 4), orderIs('expired', 4))).toBe(
      FOREIGN_KEY,
    );
    expect(
      await attempt(
        'savepoint step',
        ledger.insertLog(expired),
        orderIs('expired', 3),
        'set constraints all immediate',
        'rollback to savepoint step',
      ),
    ).toBe('ok');
  });
  test('O1 · a step that is not in the table is refused', async () => {
    expect(await attempt(ledger.insertLog({ n: 3, from: 'pending_payment', to: 'completed', by: 'admin' }))).toBe(
      FOREIGN_KEY,
    );
  });
  test('O1 · a step that starts elsewhere than the last one ended is refused', async () => {
    expect(await attempt(ledger.insertLog({ n: 3, from: 'payment_failed', to: 'expired', by: 'scheduler' }))).toBe(
      FOREIGN_KEY,
    );
  });
  test('O1 · a number twice, or a gap, is refused', async () => {
    expect(await attempt(ledger.insertLog({ n: 2, from: 'draft', to: 'cancelled', by: 'admin' }))).toBe(UNIQUE);
    expect(await attempt(ledger.insertLog({ n: 5, from: 'pending_payment', to: 'expired', by: 'scheduler' }))).toBe(
      FOREIGN_KEY,
    );
  });
  test('O1 · a second beginning is refused', async () => {
    expect(await attempt(ledger.insertLog({ n: 3, from: 'none', to: 'draft', by: 'customer' }))).toBe(CHECK);
  });
});

describe('O2 · confirmed only with evidence that covers', () => {
  test('O2 · confirmed without evidence is refused', async () => {
    expect(await attempt(ledger.insertLog({ n: 3, from: 'pending_payment', to: 'confirmed', by: 'webhook' }))).toBe(
      CHECK,
    );
  });
  test('O2 · evidence without a captured entry of the provider is refused', async () => {
    expect(
      await attempt(ledger.insertEvidence({ n: 1, prev: '0', amount: '25', covered: '25', entry: ledger.product })),
    ).toBe(FOREIGN_KEY);
    expect(
      await attempt(ledger.insertEvidence({ n: 1, prev: '0', amount: '25', covered: '25', entry: undefined })),
    ).toBe(CHECK);
  });
  test('O2 · zero-total evidence of more than zero is refused', async () => {
    expect(
      await attempt(
        ledger.insertEvidence({ n: 1, prev: '0', amount: '25', covered: '25', entry: undefined, kind: 'zero_total' }),
      ),
    ).toBe(CHECK);
  });
  test('O2 · 10 of 25, and then every way round it', async () => {
    const entry = ledger.newEntry({ amount: '10' });
    expect(
      await attempt(
        entry.sql,
        ledger.insertEvidence({ n: 1, prev: '0', amount: '10', covered: '10', entry: entry.id }),
      ),
    ).toBe('ok');
    const confirmed = { n: 3, from: 'pending_payment', to: 'confirmed', by: 'webhook' } as const;
    expect(await attempt(ledger.insertLog({ ...confirmed, evidence: { n: 1, covered: '10', total: '25' } }))).toBe(
      CHECK,
    );
    expect(await attempt(ledger.insertLog({ ...confirmed, evidence: { n: 1, covered: '10', total: '10' } }))).toBe(
      FOREIGN_KEY,
    );
    expect(await attempt(ledger.insertLog({ ...confirmed, evidence: { n: 1, covered: '25', total: '25' } }))).toBe(
      FOREIGN_KEY,
    );
    // A cheap revision that the order does not point to.
    expect(
      await attempt(
        ledger.insertRevision({ revision: 9, items: '10', shipping: '0', total: '10' }),
        ledger.insertLog({ ...confirmed, revision: 9, evidence: { n: 1, covered: '10', total: '10' } }),
        `update orders set status = 'confirmed', last_transition = 3 where order_id = '${ledger.order}'`,
      ),
    ).toBe(CHECK);
    // The same entry a second time, a running sum that does not follow, test money for a live order.
    expect(
      await attempt(ledger.insertEvidence({ n: 2, prev: '10', amount: '10', covered: '20', entry: entry.id })),
    ).toBe(UNIQUE);
    const rest = ledger.newEntry({ amount: '15' });
    expect(
      await attempt(rest.sql, ledger.insertEvidence({ n: 2, prev: '20', amount: '15', covered: '35', entry: rest.id })),
    ).toBe(FOREIGN_KEY);
    expect(
      await attempt(rest.sql, ledger.insertEvidence({ n: 2, prev: '10', amount: '15', covered: '26', entry: rest.id })),
    ).toBe(CHECK);
    const play = ledger.newEntry({ amount: '15', mode: 'test' });
    expect(
      await attempt(
        play.sql,
        ledger.insertEvidence({ n: 2, prev: '10', amount: '15', covered: '25', entry: play.id, mode: 'test' }),
      ),
    ).toBe(FOREIGN_KEY);
    expect(
      await attempt(play.sql, ledger.insertEvidence({ n: 2, prev: '10', amount: '15', covered: '25', entry: play.id })),
    ).toBe(FOREIGN_KEY);
    // An authorisation is not money.
    const promise = ledger.newEntry({ amount: '15', kind: 'authorised' });
    expect(
      await attempt(
        promise.sql,
        ledger.insertEvidence({ n: 2, prev: '10', amount: '15', covered: '25', entry: promise.id }),
      ),
    ).toBe(FOREIGN_KEY);
    // The other 15: now somebody confirms who may not, and then the one who may.
    expect(
      await attempt(rest.sql, ledger.insertEvidence({ n: 2, prev: '10', amount: '15', covered: '25', entry: rest.id })),
    ).toBe('ok');
    const covering = { evidence: { n: 2, covered: '25', total: '25' } };
    expect(await attempt(ledger.insertLog({ ...confirmed, ...covering, by: 'customer' }))).toBe(FOREIGN_KEY);
    expect(
      await attempt(
        ledger.insertLog({ ...confirmed, ...covering }),
        `update orders set status = 'confirmed', last_transition = 3 where order_id = '${ledger.order}'`,
      ),
    ).toBe('ok');
  });
});

describe('G3 · append-only', () => {
  const tables = [
    'order_state_transition_logs',
    'order_items',
    'order_adjustments',
    'order_revisions',
    'payment_entries',
    'payment_evidence',
    'inventory_movements',
    'webhook_event_logs',
    'webhook_processing_attempts',
    'email_dispatch_logs',
    'admin_action_logs',
    'publication_events',
    'product_version_variants',
  ];
  test.each(tables)('G3 · %s cannot be updated, deleted from or truncated', async (table) => {
    expect(await attempt(`update ${table} set site_id = site_id`)).toBe(DENIED);
    expect(await attempt(`delete from ${table}`)).toBe(DENIED);
    expect(await attempt(`truncate ${table}`)).toBe(DENIED);
  });
  test('C3 · of a version only the mark of being published can change', async () => {
    expect(await attempt("update product_versions set title = 'x'")).toBe(DENIED);
    expect(await attempt('update product_versions set price_amount = 1')).toBe(DENIED);
    expect(await attempt('delete from product_versions')).toBe(DENIED);
  });
});

test('O5 · a level cannot be anything but the sum of its movements', async () => {
  expect(await attempt(`update inventory_levels set on_hand = 999 where variant_id = '${ledger.variant}'`)).toBe(
    FOREIGN_KEY,
  );
});

const movement = (n: number, from: number, to: number, next = 0): string =>
  `insert into inventory_movements (site_id, variant_id, location_id, n, prev_on_hand, delta, on_hand, kind, "timestamp", next_n)
   select site_id, variant_id, location_id, ${n}, ${from}, ${to - from}, ${to}, 'adjusted', now(), ${next} from inventory_levels where variant_id = '${ledger.variant}'`;
const levelIs = (n: number, onHand: number): string =>
  `update inventory_levels set on_hand = ${onHand}, last_movement = ${n} where variant_id = '${ledger.variant}'`;
const followedBy = (n: number, next: number): string =>
  `update inventory_movements set next_n = ${next} where variant_id = '${ledger.variant}' and n = ${n}`;
/** A movement as it is made: written, named by the one before it, and the level's last one. */
const moves = (n: number, from: number, to: number): string =>
  `with moved as (${movement(n, from, to)}), followed as (${followedBy(n - 1, n)}) ${levelIs(n, to)}`;

test('O5 · a level is not set back to an older movement, by whatever the movements are told', async () => {
  expect(await attempt(moves(2, 7, 10), levelIs(1, 7))).toBe(FOREIGN_KEY);
  expect(await attempt(moves(2, 7, 10), `with followed as (${followedBy(1, 0)}) ${levelIs(1, 7)}`)).toBe(FOREIGN_KEY);
  expect(await attempt(moves(2, 7, 10), moves(3, 10, 4), levelIs(2, 10))).toBe(FOREIGN_KEY);
  expect(await attempt(moves(2, 7, 10), moves(3, 10, 4), `with f as (${followedBy(2, 0)}) ${levelIs(2, 10)}`)).toBe(
    FOREIGN_KEY,
  );
});

test('O5 · movements do not go ahead of their level, fork or skip', async () => {
  expect(await attempt(movement(2, 7, 10))).toBe(FOREIGN_KEY);
  expect(await attempt(`with moved as (${movement(2, 7, 10)}) ${followedBy(1, 2)}`)).toBe(FOREIGN_KEY);
  expect(await attempt(`with moved as (${movement(2, 7, 10)}) ${levelIs(2, 10)}`)).toBe(FOREIGN_KEY);
  expect(await attempt(followedBy(1, 2))).toBe(FOREIGN_KEY);
  expect(await attempt(moves(2, 7, 10), moves(2, 7, 8))).toBe(UNIQUE);
  expect(
    await attempt(`with moved as (${movement(3, 7, 10)}), followed as (${followedBy(1, 3)}) ${levelIs(3, 10)}`),
  ).toBe(FOREIGN_KEY);
  expect(await attempt(moves(2, 7, 10), moves(3, 10, 4))).toBe('ok');
});

test('O5 · more cannot be reserved than there is', async () => {
  expect(
    await attempt(`update inventory_levels set reserved = on_hand + 1 where variant_id = '${ledger.variant}'`),
  ).toBe(CHECK);
  expect(await attempt(`update inventory_levels set reserved = -1 where variant_id = '${ledger.variant}'`)).toBe(CHECK);
});

test('O5 · one cart cannot become two orders', async () => {
  expect(await attempt(ledger.insertOrderOfSameCart())).toBe(UNIQUE);
});
