import { statfs } from 'node:fs/promises';
import { uptime } from 'node:process';
import { readDatabaseHealth } from '@souk/db';
import {
  type OperatorDeed,
  addOperator,
  findAccountByEmail,
  heldSince,
  listOperators,
  removeOperator,
} from '@souk/db/identity';
import { emailAddress } from '@souk/domain/identity';
import { type AdminId, id } from '@souk/domain/shared';
import { z } from 'zod';
import type { Services } from '../services.ts';
import { Refused, notFound } from '../trpc/refusals.ts';

const wrongEmail = (message: string): Refused =>
  new Refused({ code: 'wrong_field', message, field: 'email', fields: { email: message } });

type By = { readonly adminId: AdminId; readonly requestId: string };

const deedOf = (services: Services, adminId: AdminId, by: By): OperatorDeed => ({
  adminId,
  by: by.adminId,
  at: services.now(),
  actionId: services.newId(),
  requestId: by.requestId,
});

/** Makes somebody with an account an operator. @throws Refused wrong_field where the address has none, or is one's already. */
export async function addOperatorBy(services: Services, typed: string, by: By): Promise<{ adminId: AdminId }> {
  const parsed = emailAddress(typed);
  if (!parsed.ok) throw wrongEmail('This does not look like an e-mail address.');
  const account = await findAccountByEmail(services.database, parsed.value);
  if (!account || account.status !== 'active')
    throw wrongEmail('Nobody signs in with this address. Invite them to a site first, so that they make an account.');
  if (!(await addOperator(services.database, deedOf(services, account.adminId, by))))
    throw wrongEmail('They run this installation already.');
  return { adminId: account.adminId };
}

/** Lets an operator go; everybody may go, and the last one stays (OP1). @throws Refused not_found, last_operator. */
export async function removeOperatorBy(services: Services, adminId: AdminId, by: By): Promise<{ adminId: AdminId }> {
  if (await removeOperator(services.database, deedOf(services, adminId, by))) return { adminId };
  const left = await listOperators(services.database);
  if (!left.some((operator) => operator.adminId === adminId)) throw notFound();
  throw new Refused({
    code: 'last_operator',
    message: 'Somebody has to run this installation. Add another one first; then this one can go.',
  });
}

export const healthOutput = z.strictObject({
  node: z.string(),
  mode: z.string(),
  upSeconds: z.int(),
  /** Since when mails and jobs wait for a release after a restore. */
  heldSince: z.date().optional(),
  database: z.strictObject({
    version: z.string(),
    newest: z.string(),
    missing: z.int(),
    bytes: z.number(),
  }),
  /** The newest backup of the folder that this machine sees. */
  backup: z.strictObject({ takenAt: z.date(), provedAt: z.date().optional() }).optional(),
  disk: z.strictObject({ freeBytes: z.number(), totalBytes: z.number() }),
  outbox: z.strictObject({ waiting: z.int(), oldest: z.date().optional() }),
  queues: z.array(z.strictObject({ name: z.string(), waiting: z.int(), active: z.int(), failed: z.int() })),
});

/** How the installation is, as this process sees it: versions, waiting work, room on the disk. Nothing of it is a site's. */
export async function healthOf(services: Services): Promise<z.infer<typeof healthOutput>> {
  // Backups are looked at here alone: a process that serves buyers never loads what makes them.
  const { listBackups } = await import('@souk/db/backup');
  const [database, disk, held, [backup]] = await Promise.all([
    readDatabaseHealth(services.database),
    statfs(services.home),
    heldSince(services.database),
    listBackups(services.backupFolder),
  ]);
  return {
    node: process.versions.node,
    mode: services.mode,
    upSeconds: Math.round(uptime()),
    heldSince: held,
    database: {
      version: database.version,
      newest: database.schema.newest,
      missing: database.schema.missing,
      bytes: database.bytes,
    },
    backup: backup && { takenAt: backup.takenAt, provedAt: backup.provedAt },
    disk: { freeBytes: disk.bavail * disk.bsize, totalBytes: disk.blocks * disk.bsize },
    outbox: database.outbox,
    queues: [...database.queues],
  };
}

/** An id of an account as a caller gives it. */
export const adminId = (text: string): AdminId => id<AdminId>(text);
