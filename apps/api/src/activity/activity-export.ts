import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type MasterKey, withSite } from '@souk/db';
import { type ActionRow, listActions } from '@souk/db/activity';
import { listMembers } from '@souk/db/identity';
import type { SiteId } from '@souk/domain/shared';
import { BYTE_ORDER_MARK, writeCsvRow } from '../catalog/product-csv/write-csv.ts';
import type { Services } from '../services.ts';
import { type ActivityFilter, filterOf, parseFilter } from './activity-filter.ts';

export const EXPORT_FORMATS = ['csv', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** How long a download may be begun after it was asked for, in milliseconds. */
const TICKET_MS = 300_000;
/** Rows that are read and written at once. */
const BATCH = 500;

/** Whose download it is. */
type Holder = { readonly siteId: SiteId; readonly adminId: string; readonly format: ExportFormat };

const signed = (key: MasterKey, { siteId, adminId, format }: Holder, text: string): string =>
  createHmac('sha256', key).update(`activity export ${siteId} ${adminId} ${format} ${text}`).digest('base64url');

/** What lets a person download what they have asked for, with a fresh proof of who they are: for this filter, for a few minutes. */
export function exportTicket(key: MasterKey, holder: Holder, filter: ActivityFilter, at: Date): string {
  const text = `${at.getTime() + TICKET_MS}.${Buffer.from(JSON.stringify(filter)).toString('base64url')}`;
  return `${text}.${signed(key, holder, text)}`;
}

/** The filter of a ticket that is this person's and still good. */
export function openTicket(key: MasterKey, holder: Holder, ticket: string, at: Date): ActivityFilter | undefined {
  const [until = '', filter = '', seal = ''] = ticket.split('.');
  const right = Buffer.from(signed(key, holder, `${until}.${filter}`));
  const given = Buffer.from(seal);
  if (given.length !== right.length || !timingSafeEqual(given, right) || Number(until) < at.getTime()) return undefined;
  return parseFilter(Buffer.from(filter, 'base64url').toString('utf8'));
}

/** Names of the people of a log: whoever did it, as far as that is known, and whom it was done to. */
export async function peopleOfLog(
  services: Pick<Services, 'database'>,
  siteId: SiteId,
): Promise<{
  who: (row: Pick<ActionRow, 'actorKind' | 'actorId'>) => string;
  whom: (row: Pick<ActionRow, 'after'>) => string | undefined;
}> {
  const names = new Map<string, string>((await listMembers(services.database, siteId)).map((m) => [m.adminId, m.name]));
  return {
    who: ({ actorKind, actorId }) =>
      actorKind === 'system'
        ? 'Souk'
        : actorKind === 'operator'
          ? 'Whoever runs this installation'
          : (names.get(actorId ?? '') ?? (actorKind === 'service' ? 'A service' : 'A former member')),
    // Deeds done to a person say of whom by the id of the account: a name is looked up, and so can be forgotten (G6).
    whom: ({ after }) => names.get((after as { readonly admin?: string } | null | undefined)?.admin ?? ''),
  };
}

const COLUMNS = ['time', 'who', 'role', 'action', 'whom', 'kind', 'id', 'before', 'after', 'request'] as const;
const json = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value));

const WRITERS: Readonly<
  Record<ExportFormat, { head: string; line: (row: ActionRow, who: string, whom: string | undefined) => string }>
> = {
  csv: {
    head: BYTE_ORDER_MARK + writeCsvRow(COLUMNS),
    line: (r, who, whom) =>
      writeCsvRow([
        r.timestamp.toISOString(),
        who,
        r.roleName,
        r.action,
        whom ?? '',
        r.entityType,
        r.entityId ?? '',
        json(r.before),
        json(r.after),
        r.requestId,
      ]),
  },
  jsonl: {
    head: '',
    line: (r, who, whom) =>
      `${JSON.stringify({ time: r.timestamp, who, actor: r.actorId, role: r.roleName, action: r.action, whom, kind: r.entityType, id: r.entityId, before: r.before, after: r.after, request: r.requestId })}\n`,
  },
};

/**
 * Writes the log of a site, newest first, page after page by key: whatever its length, a page is in memory and no transaction
 * stays open. Whoever reads slowly is waited for; whoever goes away ends it.
 */
export async function writeActivity(
  services: Pick<Services, 'database'>,
  siteId: SiteId,
  filter: ActivityFilter,
  format: ExportFormat,
  res: ServerResponse,
): Promise<void> {
  const people = await peopleOfLog(services, siteId);
  const { head, line } = WRITERS[format];
  const write = async (text: string): Promise<void> => {
    if (text !== '' && !res.write(text)) await Promise.race([once(res, 'drain'), once(res, 'close')]);
  };
  await write(head);
  for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
    const page = await withSite(services.database, siteId, (tx) =>
      listActions(tx, { ...filterOf(filter), after, limit: BATCH }),
    );
    if (res.destroyed) return;
    await write(page.rows.map((row) => line(row, people.who(row), people.whom(row))).join(''));
    after = page.next;
  }
  res.end();
}
