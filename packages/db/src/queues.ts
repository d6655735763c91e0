import type { Queue } from 'pg-boss';

/** The schema of the job queue: owned by the owner, used by the relay role alone. */
export const JOB_SCHEMA = 'jobs';

const patient = {
  retryLimit: 8,
  retryBackoff: true,
  retryDelay: 2,
  retryDelayMax: 3600,
  expireInSeconds: 900,
  // A job whose process died, or whose "done" was lost with its connection, is somebody else's after this.
  heartbeatSeconds: 15,
} as const;

/** Every queue, made when migrating. A job carries a site and an event id, never a person's data. */
export const queues: readonly {
  readonly name: string;
  readonly options: Omit<Queue, 'name' | 'policy' | 'partition'>;
}[] = [
  { name: 'dead', options: { retryLimit: 0 } },
  { name: 'mail', options: { ...patient, deadLetter: 'dead' } },
  { name: 'account-mail', options: { ...patient, deadLetter: 'dead' } },
  { name: 'media', options: { ...patient, retryLimit: 3, deadLetter: 'dead' } },
  {
    name: 'imports',
    options: { retryLimit: 3, retryDelay: 2, expireInSeconds: 3600, heartbeatSeconds: 30, deadLetter: 'dead' },
  },
  { name: 'notices', options: { ...patient, deadLetter: 'dead' } },
];
