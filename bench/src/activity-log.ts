import { withSite } from '@souk/db';
import { type ActionFilter, leastIdAt, listActions } from '@souk/db/activity';
import { inDatabase, openTestDatabase, startTestServer } from '@souk/db/testing';
import { type SiteId, id } from '@souk/domain/shared';
import { v7 } from 'uuid';

/*
 * `node bench/src/activity-log.ts [rows]`: the log of a site with ten thousand rows beside that of one with ten million, each
 * question the median of many. What is printed is milliseconds in each, and their ratio.
 */

const ROWS = Number(process.argv[2] ?? 10_000_000);
const FEW = 10_000;
const ROUNDS = 300;
const BEGIN = Date.UTC(2026, 0, 1);
const BIG_STEP_MS = 3000;

const people = { busy: v7(), former: v7(), rare: v7() };
const things = { often: v7(), once: v7() };

/**
 * Rows of a year, oldest first: nine of ten by one person, some by one who left in spring, sixty by a
 * third; one thing in one row of a hundred, another in three rows at all; an action nobody does often.
 */
const fill = (site: string, rows: number): string => `
  insert into admin_action_logs (site_id, action_id, actor_kind, actor_id, role_name, action, entity_type, entity_id, before, after, request_id, "timestamp")
  select '${site}', (substr(ms, 1, 8) || '-' || substr(ms, 9) || '-7000-8000-' || lpad(to_hex(g), 12, '0'))::uuid, 'admin',
    case when g % (${rows} / 60) = 7 then '${people.rare}' when g < ${rows} / 5 then '${people.former}' else '${people.busy}' end::uuid, 'owner',
    case when g % (${rows} / 60) = 11 then 'team.remove' when g % 3 = 0 then 'orders.fulfil' else 'products.publish' end,
    case when g % 3 = 0 then 'order' else 'product' end,
    case when g % 100 = 1 then '${things.often}' when g in (10, ${rows} / 2) then '${things.once}' else gen_random_uuid() end::uuid,
    '{"price":{"amount":"10.00","currency":"EUR"}}', '{"price":{"amount":"12.00","currency":"EUR"}}', 'bench', to_timestamp(at / 1000.0)
  from (select g, ${BEGIN}::bigint + g::bigint * ${Math.trunc((ROWS / rows) * BIG_STEP_MS)} as at from generate_series(1, ${rows}) g) x
  cross join lateral (select lpad(to_hex(at), 12, '0') as ms) y`;

const QUESTIONS: readonly (readonly [what: string, filter: ActionFilter])[] = [
  ['first page', {}],
  ['page in the middle', { to: new Date(BEGIN + (ROWS / 2) * BIG_STEP_MS) }],
  ['a busy person', { actorId: people.busy }],
  ['who left long ago', { actorId: people.former }],
  ['a rare person', { actorId: people.rare }],
  ['what Souk did itself (nothing)', { actorId: 'system' }],
  ['a common action', { action: 'orders.fulfil' }],
  ['a rare action', { action: 'team.remove' }],
  ['a kind of thing', { entityType: 'order' }],
  ['a thing of many rows', { entityId: things.often }],
  ['a thing of two rows', { entityId: things.once }],
  ['a rare person, a common action', { actorId: people.rare, action: 'orders.fulfil' }],
  ['who left, a common action', { actorId: people.former, action: 'orders.fulfil' }],
  ['who left, a rare action', { actorId: people.former, action: 'team.remove' }],
  [
    'a busy person, action, kind and month',
    {
      actorId: people.busy,
      action: 'orders.fulfil',
      entityType: 'order',
      from: new Date(BEGIN + ROWS * 0.55 * BIG_STEP_MS),
      to: new Date(BEGIN + ROWS * 0.65 * BIG_STEP_MS),
    },
  ],
  ['what never happens together', { actorId: people.busy, action: 'orders.fulfil', entityType: 'product' }],
];

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.trunc(times.length / 2)] ?? 0;

const { server, stop } = await startTestServer();
const db = await openTestDatabase({ server, poolSize: 2 });
try {
  const [few, many] = [v7(), v7()];
  await inDatabase(db.superuserUrl, async (client) => {
    for (const [i, site] of [few, many].entries())
      await client.query(`insert into sites values ('${site}', 'S', 'active', 'bench-${i}', 'B${i}X', now(), now())`);
    await client.query("set session_replication_role = 'replica'; set synchronous_commit = off");
    await client.query(fill(few, FEW));
    const startedAt = performance.now();
    for (const text of [fill(many, ROWS)]) await client.query(text);
    process.stdout.write(`${ROWS} rows written in ${((performance.now() - startedAt) / 1000).toFixed(0)} s\n`);
    await client.query('vacuum analyze admin_action_logs');
  });
  // How long ids are made in time is how the rows lie.
  if (leastIdAt(new Date(BEGIN)) >= leastIdAt(new Date())) throw new Error('the bench is from the future');
  const worst: number[] = [];
  for (const [what, filter] of QUESTIONS) {
    const times: [number[], number[]] = [[], []];
    for (let i = 0; i < ROUNDS; i += 1)
      for (const [side, site] of [few, many].entries()) {
        const startedAt = performance.now();
        await withSite(db.database, id<SiteId>(site), (tx) => listActions(tx, { ...filter, limit: 50 }));
        times[side]?.push(performance.now() - startedAt);
      }
    const [small, large] = [median(times[0]), median(times[1])];
    worst.push(large / small);
    process.stdout.write(
      `${what.padEnd(40)} ${small.toFixed(2).padStart(7)} ms  ${large.toFixed(2).padStart(7)} ms  × ${(large / small).toFixed(2)}\n`,
    );
  }
  process.stdout.write(`worst ratio × ${Math.max(...worst).toFixed(2)}\n`);
} finally {
  await db.close();
  await stop();
}
