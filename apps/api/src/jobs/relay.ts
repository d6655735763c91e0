import { type Database, JOB_SCHEMA, isPassingFault } from '@souk/db';
import { type OutboxKind, RELAY_BATCH, type RelayedEvent, relayBatch, sweepRelayed } from '@souk/db/activity';
import { sweepAnswers } from '@souk/db/commerce';
import {
  forgetAccountLeftovers,
  forgetApiKeyUses,
  forgetSessions,
  forgetSignInTries,
  relayAccountMails,
} from '@souk/db/identity';
import type { SiteId } from '@souk/domain/shared';
import { type Job, type JobResult, type JobWithMetadata, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';

/** What a job knows: where and which event; everything else is read when it runs. */
export type JobData = {
  readonly siteId: SiteId;
  readonly eventId: string;
  readonly kind: OutboxKind;
  readonly entityId: string;
};

/** Which events are somebody's work, and whose. */
const QUEUE_OF: Partial<Record<OutboxKind, string>> = {
  'order.submitted': 'mail',
  'order.confirmed': 'mail',
  'order.fulfilled': 'mail',
  'media.wanted': 'media',
  'notice.received': 'notices',
  'import.wanted': 'imports',
  'invitation.wanted': 'mail',
  'support.opened': 'mail',
  'domain.lost': 'mail',
  'domain.released': 'mail',
};

/** The queue of mails that are of an account and of no site. */
const ACCOUNT_MAILS = 'account-mail';

/** Work that waits: whoever pays at once is not reminded. In seconds. */
const START_AFTER: Partial<Record<OutboxKind, number>> = { 'order.submitted': 600 };

/** `isLastTry`: when this one fails too, the job lies among the dead. */
export type JobWorker = (job: JobData, isLastTry: boolean) => Promise<void>;

export type Jobs = { readonly boss: PgBoss; stop(): Promise<void> };

/** How long the relay waits for events to gather, in milliseconds. */
const GATHER_MS = 200;

/**
 * Starts the relay and the workers of this process. The relay moves outbox rows to the queue in batches, in one
 * transaction each, and tells listeners to look; workers are given their jobs at least once, with retries, growing waits
 * and a queue of the dead behind them.
 */
export async function startJobs(
  db: Database,
  log: Logger,
  workers: Readonly<Record<string, JobWorker>>,
  {
    accountMail,
    superviseSeconds = 10,
  }: {
    /** Sends one mail of an account; without it they wait. */
    readonly accountMail?: (mailId: string) => Promise<void>;
    readonly superviseSeconds?: number | undefined;
  } = {},
): Promise<Jobs> {
  const boss = new PgBoss({
    connectionString: db.urls.relay,
    schema: JOB_SCHEMA,
    migrate: false,
    createSchema: false,
    schedule: false,
    // How often jobs of a process that died are looked for; each is tried again once its own heartbeat is overdue.
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
    max: 6,
  });
  boss.on('error', (error) => log.warn({ err: error }, 'the job queue reported an error'));
  await boss.start();
  for (const [queue, worker] of Object.entries(workers)) {
    await boss.work(
      queue,
      { pollingIntervalSeconds: 0.5, batchSize: 4, perJobResults: true, includeMetadata: true },
      async (batch: JobWithMetadata<JobData>[]) => {
        // One after the other; what fails is tried again alone.
        const results: JobResult[] = [];
        for (const { id, data, retryCount, retryLimit } of batch)
          results.push(await outcomeOf(id, worker(data, retryCount >= retryLimit), { queue, ...data }, log));
        return results;
      },
    );
  }
  if (accountMail)
    await boss.work(
      ACCOUNT_MAILS,
      { pollingIntervalSeconds: 0.5, batchSize: 4, perJobResults: true },
      async (batch: Job<{ mailId: string }>[]) => {
        const results: JobResult[] = [];
        for (const { id, data } of batch)
          results.push(await outcomeOf(id, accountMail(data.mailId), { queue: ACCOUNT_MAILS, ...data }, log));
        return results;
      },
    );
  const enqueueMails = async (mailIds: readonly string[]): Promise<void> => {
    await boss.insert(
      ACCOUNT_MAILS,
      mailIds.map((mailId) => ({ id: mailId, data: { mailId } })),
    );
  };
  let stopped = false;
  const relay = (async () => {
    let sweepAt = 0;
    while (!stopped) {
      const moved = await relayBatch(db, (events, executeSql) => enqueue(boss, events, executeSql)).catch(
        (error: unknown) => {
          if (!stopped)
            log[isPassingFault(error) ? 'warn' : 'error']({ err: error }, 'the relay could not move events');
          return 0;
        },
      );
      await relayAccountMails(db, enqueueMails).catch((error: unknown) => {
        if (!stopped) log.warn({ err: error }, 'the relay could not move mails of accounts');
      });
      if (Date.now() > sweepAt) {
        sweepAt = Date.now() + 600_000;
        await Promise.all([
          sweepRelayed(db, new Date()),
          sweepAnswers(db, new Date()),
          forgetSignInTries(db, new Date()),
          forgetSessions(db, new Date()),
          forgetApiKeyUses(db, new Date()),
          forgetAccountLeftovers(db, new Date()),
        ]).catch((error: unknown) => log.warn({ err: error }, 'the relay could not sweep'));
      }
      // A full batch has more behind it. Anything less waits for company: under load each batch is a transaction and a flush.
      if (moved < RELAY_BATCH) await new Promise((done) => setTimeout(done, GATHER_MS));
    }
  })();
  return {
    boss,
    stop: async () => {
      stopped = true;
      await relay;
      await boss.stop({ graceful: true, timeout: 10_000 });
    },
  };
}

/** How a job went. Words of an error may hold an address (a mail server names the recipient it refuses), so only its kind is kept (L01). */
async function outcomeOf(
  id: string,
  work: Promise<void>,
  about: { readonly queue: string },
  log: Logger,
): Promise<JobResult> {
  try {
    await work;
    return { id, status: 'completed' };
  } catch (error) {
    const output = { error: error instanceof Error ? error.name : typeof error, code: codeOf(error) };
    log.warn({ ...about, ...output }, 'a job failed; it will be tried again, or kept among the dead');
    return { id, status: 'failed', output };
  }
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

async function enqueue(
  boss: PgBoss,
  events: readonly RelayedEvent[],
  executeSql: (text: string, values?: unknown[]) => Promise<{ rows: unknown[] }>,
): Promise<void> {
  // A mail about something of last week is nobody's news: what lay that long is only told to screens.
  const oldest = Date.now() - 2 * 86_400_000;
  const byQueue = Map.groupBy(
    events.filter((e) => QUEUE_OF[e.kind] && (QUEUE_OF[e.kind] !== 'mail' || e.createdAt.getTime() > oldest)),
    (e) => QUEUE_OF[e.kind] ?? '',
  );
  for (const [queue, jobs] of byQueue) {
    // The event's id is the job's: an event that is relayed twice is one job.
    await boss.insert(
      queue,
      jobs.map(({ createdAt: _, ...data }) => ({ id: data.eventId, data, startAfter: START_AFTER[data.kind] ?? 0 })),
      { db: { executeSql } },
    );
  }
}
