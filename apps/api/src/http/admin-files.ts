import type { ServerResponse } from 'node:http';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { withSite } from '@souk/db';
import { insertAction, insertOutbox } from '@souk/db/activity';
import { findImport, insertImport } from '@souk/db/catalog';
import type { ImportIssue } from '@souk/domain/catalog/product-import';
import { isUuid } from '@souk/domain/shared';
import express, { type Request, type Response, type Router } from 'express';
import { EXPORT_FORMATS, openTicket, writeActivity } from '../activity/activity-export.ts';
import { importFile } from '../catalog/product-import.ts';
import { issuesToCsv } from '../catalog/product-csv/write-csv.ts';
import { MEDIA_WIDTHS, mediaFile } from '../content/media-files.ts';
import type { LiveEvents } from './live-events.ts';
import type { Services } from '../services.ts';
import { enterSite, refusalOf, refuseSupport } from '../trpc/procedures.ts';
import { Refused, httpCodeOf, notFound, retryAfterOf } from '../trpc/refusals.ts';
import { requestFacts } from './request-facts.ts';
import { isSameOrigin } from './same-origin.ts';

const TILE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 5"><path fill="#8884" d="M0 0h4v5H0z"/></svg>';

const MAX_IMPORT_BYTES = 200_000_000;
const MAX_UNREAD_BYTES = 1_000_000;

/** What the admin sends and fetches outside tRPC: files, pictures, the live stream. Each goes through the same door (I4). */
export function adminFiles(services: Services, live: LiveEvents): Router {
  const router = express.Router();

  router.post('/s/:handle/uploads/product-imports', async (req, res) => {
    if (!isSameOrigin(req))
      throw new Refused({
        code: 'other_origin',
        message: 'This came from another site. Open the admin itself and try again.',
      });
    const facts = requestFacts(services, req, res);
    const entry = await enterSite(facts, req.params.handle, 'MANAGE_PRODUCTS');
    if (!/^(text\/csv|application\/octet-stream)(;|$)/i.test(req.headers['content-type'] ?? ''))
      throw new Refused({ code: 'wrong_content_type', message: 'Send the file itself, as text/csv.' });
    if (entry.status !== 'active')
      throw new Refused({
        code: 'site_not_active',
        message: `${entry.siteName} is ${entry.status}: you can look and take access away, but change nothing else.`,
      });
    if (Number(req.headers['content-length'] ?? 0) > MAX_IMPORT_BYTES) throw tooLarge();
    const importId = services.newId();
    const file = await importFile(services, entry.siteId, importId);
    const byteSize = await receive(req, file);
    const fileName = fileNameOf(req);
    await withSite(
      services.database,
      entry.siteId,
      async (tx) => {
        await insertImport(tx, { importId, fileName, byteSize, createdBy: entry.account.adminId });
        insertOutbox(tx, [{ eventId: services.newId(tx.at), kind: 'import.wanted', entityId: importId }]);
        insertAction(tx, {
          actionId: services.newId(tx.at),
          actor: entry.actor,
          action: 'imports.upload',
          entityType: 'product_import',
          entityId: importId,
          after: { byteSize },
          requestId: facts.requestId,
        });
      },
      services.now(),
    );
    res.status(201).json({ importId });
  });

  router.get('/s/:handle/downloads/product-imports/:importId/report.csv', async (req, res) => {
    const entry = await enterSite(requestFacts(services, req, res), req.params.handle, 'MANAGE_PRODUCTS');
    if (!isUuid(req.params.importId)) throw notFound();
    const found = await withSite(services.database, entry.siteId, (tx) => findImport(tx, req.params.importId));
    if (!found) throw notFound();
    const issues = (found.summary.issues ?? []) as ImportIssue[];
    res
      .set('Cache-Control', 'private, no-store')
      .attachment(`import-report-${req.params.importId}.csv`)
      .type('text/csv')
      .send(issuesToCsv(issues));
  });

  router.get('/s/:handle/downloads/activity.:format', async (req, res) => {
    const entry = await enterSite(requestFacts(services, req, res), req.params.handle, 'VIEW_ACTIVITY');
    refuseSupport(entry.actor);
    const format = EXPORT_FORMATS.find((one) => one === req.params.format);
    const ticket = new URL(req.originalUrl, 'http://admin').searchParams.get('ticket') ?? '';
    const holder = format && { siteId: entry.siteId, adminId: entry.actor.id, format };
    const filter = holder && openTicket(services.key, holder, ticket, services.now());
    if (!format || !filter) throw notFound();
    res
      .set('Cache-Control', 'private, no-store')
      .attachment(`activity-${entry.handle}-${services.now().toISOString().slice(0, 10)}.${format}`)
      .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson');
    await writeActivity(services, entry.siteId, filter, format, res);
  });

  router.get('/s/:handle/media/:hash/:width.webp', async (req, res) => {
    const entry = await enterSite(requestFacts(services, req, res), req.params.handle, 'VIEW_PRODUCTS');
    sendPicture(services, entry.siteId, req, res, 'private');
  });

  router.get('/s/:handle/live', async (req, res) => {
    const facts = requestFacts(services, req, res);
    const entry = await enterSite(facts, req.params.handle, 'any');
    res.set({
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'private, no-store',
      'X-Accel-Buffering': 'no',
    });
    // The door is asked again, before every event and twice a second (E09).
    const close = await live.subscribe({
      sessionId: entry.sessionId,
      siteId: entry.siteId,
      opened: { status: entry.status, permissions: entry.actor.permissions },
      send: (event) => {
        if (res.writableEnded) return;
        // Whoever does not read what they asked for is let go: their browser opens the stream again.
        if (res.writableLength > MAX_UNREAD_BYTES) res.destroy();
        else res.write(`data: ${JSON.stringify(event)}\n\n`);
      },
      end: () => res.end(),
    });
    res.on('close', close);
    // Whoever went away meanwhile is not told of it any more.
    if (res.destroyed) return close();
    if (!res.writableEnded) res.write('retry: 1000\n\n');
  });

  return router;
}

/** A picture in one of the served widths; its address names its content, so it never changes. */
export function sendPicture(
  services: Services,
  siteId: Parameters<typeof mediaFile>[1],
  req: Request,
  res: Response,
  scope: 'public' | 'private',
): void {
  const { hash, width } = req.params;
  const known = MEDIA_WIDTHS.find((w) => String(w) === width);
  if (!known || typeof hash !== 'string' || !/^[0-9a-f]{40}$/.test(hash)) {
    res.status(404).set('Cache-Control', 'no-store').end();
    return;
  }
  const stream = createReadStream(mediaFile(services.home, siteId, hash, known));
  stream.once('open', () => {
    res.set({
      'Content-Type': 'image/webp',
      'Cache-Control': `${scope}, max-age=31536000, immutable`,
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'same-origin',
    });
    // A visitor who goes away closes the file too.
    pipeline(stream, res).catch(() => undefined);
  });
  stream.once('error', () => {
    // Not drawn or fetched yet: a quiet tile instead of the browser's torn picture. It is not the picture, so it is a 404.
    if (!res.headersSent) res.status(404).set({ 'Cache-Control': 'no-store', 'Content-Type': 'image/svg+xml' });
    res.end(res.headersSent ? undefined : TILE);
  });
}

const tooLarge = (): Refused =>
  new Refused({
    code: 'wrong_field',
    field: 'file',
    message: 'The file is larger than 200 MB. Split it into several files.',
  });

const brokenOff = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ECONNRESET';

async function receive(req: Request, file: string): Promise<number> {
  let size = 0;
  const counted = new Transform({
    transform(piece: Buffer, _encoding, done) {
      size += piece.length;
      done(size > MAX_IMPORT_BYTES ? tooLarge() : null, piece);
    },
  });
  try {
    await pipeline(req, counted, createWriteStream(file, { mode: 0o600 }));
    return size;
  } catch (error) {
    await rm(file, { force: true });
    if (brokenOff(error))
      throw new Refused({ code: 'wrong_field', field: 'file', message: 'The upload broke off. Send the file again.' });
    throw error;
  }
}

function fileNameOf(req: Request): string {
  const name = new URL(req.originalUrl, 'http://admin').searchParams.get('name') ?? 'products.csv';
  return (
    name
      .replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069/\\]/gu, ' ')
      .trim()
      .slice(0, 200) || 'products.csv'
  );
}

const STATUS = {
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  BAD_REQUEST: 400,
  TOO_MANY_REQUESTS: 429,
  UNSUPPORTED_MEDIA_TYPE: 415,
  SERVICE_UNAVAILABLE: 503,
} as const;

/** Writes a refusal as JSON; false when the error is none. */
export function sendRefusal(res: ServerResponse, error: unknown): boolean {
  const refusal = refusalOf(error);
  if (!refusal) return false;
  const status = STATUS[httpCodeOf(refusal.code) as keyof typeof STATUS];
  const seconds = retryAfterOf(refusal);
  if (seconds !== undefined) res.setHeader('Retry-After', seconds);
  res
    .writeHead(status, { 'cache-control': 'no-store', 'content-type': 'application/json; charset=utf-8' })
    .end(JSON.stringify({ refusal }));
  return true;
}
