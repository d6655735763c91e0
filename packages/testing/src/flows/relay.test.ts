import { withSite } from '@souk/db';
import { type OutboxKind, type RelayedEvent, insertOutbox, relayBatch } from '@souk/db/activity';
import { type JobData, type Jobs, type JobWorker, startJobs } from '@souk/api/jobs/relay';
import { type TestDatabase, inDatabase, openTestDatabase } from '@souk/db/testing';
import { pino } from 'pino';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type TestSite, aSite, ownerRows, until } from '../index.ts';

/* The way of an event: outbox, relay, queue, worker. Each event is one job, whatever dies on the way. */

let db: TestDatabase;
let site: TestSite;
beforeAll(async () => {
  db = await openTestDatabase({ poolSize: 4 });
  site = await aSite(db.database, db.key, { handle: 'relay' });
});
afterAll(() => db.close());

let running: Jobs[] = [];
afterEach(async () => {
  await Promise.all(running.map((jobs) => jobs.stop()));
  running = [];
  await ownerRows(db, 'delete from outbox_events');
});
const startWith = async (workers: Readonly<Record<string, JobWorker>>): Promise<Jobs> => {
  const jobs = await startJobs(db.database, pino({ level: 'silent' }), workers);
  running.push(jobs);
  return jobs;
};

const happened = async (kind: OutboxKind, count: number): Promise<string[]> => {
  const events = Array.from({ length: count }, () => ({ eventId: v7(), kind, entityId: v7() }));
  await withSite(db.database, site.siteId, async (tx) => insertOutbox(tx, events));
  return events.map((e) => e.eventId);
};
const waiting = async (): Promise<number> =>
  (await ownerRows(db, 'select 1 from outbox_events where relayed_at is null')).length;
const jobs = (ids: readonly string[]) =>
  inDatabase(
    db.superuserUrl,
    async (client) =>
      (
        await client.query<{ id: string; state: string; retry_count: number; text: string }>(
          'select id, state::text, retry_count, j::text as text from jobs.job j where id = any($1::uuid[])',
          [ids],
        )
      ).rows,
  );

test('C01 · relays that run at once move each event once', async () => {
  const ids = await happened('media.wanted', 1_200);
  const moved: string[] = [];
  const enqueue = async (events: readonly RelayedEvent[]): Promise<void> => {
    moved.push(...events.map((e) => e.eventId));
    await new Promise((done) => setTimeout(done, 5));
  };
  const relay = async (): Promise<void> => {
    while ((await waiting()) > 0) await relayBatch(db.database, enqueue, 100);
  };
  await Promise.all([relay(), relay(), relay(), relay()]);
  expect(moved).toHaveLength(1_200);
  expect(moved.toSorted()).toEqual(ids.toSorted());
});

test('K01 · a relay that dies between the queue and its commit has moved nothing, and the next one moves it', async () => {
  const ids = await happened('media.wanted', 3);
  const dying = relayBatch(db.database, async (events, executeSql) => {
    for (const { eventId } of events)
      await executeSql("insert into jobs.job (id, name, data) values ($1, 'media', '{}')", [eventId]);
    throw new Error('the process ended here');
  });
  await expect(dying).rejects.toThrow('ended here');
  expect(await waiting()).toBe(3);
  expect(await jobs(ids)).toEqual([]);
  const done: string[] = [];
  await startWith({ media: async (job) => void done.push(job.eventId) });
  await until('all are worked on', () => done.length === 3);
  expect(done.toSorted()).toEqual(ids.toSorted());
});

test('K01 · a deed that was rolled back leaves no event', async () => {
  await expect(
    withSite(db.database, site.siteId, async (tx) => {
      insertOutbox(tx, [{ eventId: v7(), kind: 'media.wanted', entityId: v7() }]);
      throw new Error('changed my mind');
    }),
  ).rejects.toThrow('changed my mind');
  expect(await waiting()).toBe(0);
});

test('an event that is relayed twice is one job', async () => {
  const done: JobData[] = [];
  await startWith({ media: async (job) => void done.push(job) });
  const [eventId = ''] = await happened('media.wanted', 1);
  await until('it is done', async () => (await jobs([eventId]))[0]?.state === 'completed');
  await ownerRows(db, 'update outbox_events set relayed_at = null where event_id = $1', [eventId]);
  await until('it is relayed again', async () => (await waiting()) === 0);
  await new Promise((wake) => setTimeout(wake, 700));
  expect(done.map((job) => job.eventId)).toEqual([eventId]);
  expect(await jobs([eventId])).toHaveLength(1);
});

test('what nobody works on is told to screens and is no job', async () => {
  await startWith({});
  const ids = await happened('order.moved', 2);
  await until('they are relayed', async () => (await waiting()) === 0);
  expect(await jobs(ids)).toEqual([]);
});

test('of jobs taken together the one that fails is tried again alone, and what it said is not kept', async () => {
  const runs = new Map<string, number>();
  let bad = '';
  const failing: JobWorker = async ({ eventId }) => {
    const n = (runs.get(eventId) ?? 0) + 1;
    runs.set(eventId, n);
    if (eventId === bad && n === 1) throw Object.assign(new TypeError('about ada@example.org'), { code: 'EBAD' });
  };
  const ids = await happened('media.wanted', 4);
  bad = ids[1] ?? '';
  await startWith({ media: failing });
  await until(
    'three are done and one waits',
    async () =>
      (await jobs(ids))
        .map((j) => j.state)
        .toSorted()
        .join() === 'completed,completed,completed,retry',
  );
  const waitingJob = (await jobs([bad]))[0];
  expect(waitingJob?.text).not.toContain('ada@example.org');
  expect(waitingJob?.text).toContain('EBAD');
  await inDatabase(db.superuserUrl, (client) =>
    client.query('update jobs.job set start_after = now() where id = $1', [bad]),
  );
  await until('all are done', async () => (await jobs(ids)).every((j) => j.state === 'completed'));
  expect(ids.map((id) => runs.get(id))).toEqual([1, 2, 1, 1]);
});

test('K01 · a job whose process died is given to another, when its heartbeat is overdue', async () => {
  const [eventId = ''] = await happened('import.wanted', 1);
  const first = await startWith({ imports: () => new Promise(() => undefined) });
  await until('it is at work', async () => (await jobs([eventId]))[0]?.state === 'active');
  // As a killed process would: no stop, no answer; its last heartbeat is a minute ago.
  await first.boss.stop({ graceful: false });
  running = [];
  await inDatabase(db.superuserUrl, (client) =>
    client.query("update jobs.job set heartbeat_on = heartbeat_on - interval '1 minute' where id = $1", [eventId]),
  );
  const done: string[] = [];
  const second = await startWith({ imports: async (job) => void done.push(job.eventId) });
  await second.boss.supervise('imports');
  await inDatabase(db.superuserUrl, (client) =>
    client.query("update jobs.job set start_after = now() where id = $1 and state = 'retry'", [eventId]),
  );
  await until('another does it', () => done.length === 1);
  expect(done).toEqual([eventId]);
});
