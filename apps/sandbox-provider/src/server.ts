import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { z } from 'zod';
import {
  type Books,
  type Delivering,
  type Entry,
  type EntryKind,
  openLedger,
  type Session,
  type SessionRequest,
  statusOf,
} from './books.ts';
import { type ConnectTo, openPost, type Timing, USUAL_TIMING } from './notices.ts';
import { booksPage, closedPage, document, messagePage, type Page, payPage } from './pages.ts';

export type { Account, Attempt, Books, Delivery, Entry, Notice, Session, SessionStatus } from './books.ts';
export type { ConnectTo, Timing } from './notices.ts';

export type SandboxProvider = {
  /** The whole provider as one express application; listening is the caller's. */
  readonly app: Express;
  /** Everything it knows, as it is now. */
  books(): Books;
  /** Stops sending; what is due goes out after the next start, when there is a data file. */
  stop(): void;
};

export type SandboxOptions = {
  /** Where browsers reach it, such as `http://localhost:4001`; session addresses begin with it. */
  readonly origin: string;
  /** Keeps sessions and books over restarts; without it they live as long as the process. */
  readonly dataFile?: string;
  readonly clock?: () => Date;
  /** Delays of notices in milliseconds, for tests. */
  readonly timing?: Partial<Timing>;
  readonly noticeConnectTo?: ConnectTo;
};

const DAY_MS = 86_400_000;
const STYLE = readFileSync(new URL('./style.css', import.meta.url), 'utf8');

const amount = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,4})?$/, 'a decimal such as 19.90')
  .refine((text) => Number(text) > 0, 'more than zero');
const currency = z.string().regex(/^[A-Z]{3}$/, 'three capital letters, such as EUR');
const webAddress = z.url({ protocol: /^https?$/ }).max(2_000);

const sessionRequest = z.strictObject({
  reference: z.string().min(1).max(200),
  amount,
  currency,
  description: z.string().min(1).max(500),
  returnUrl: webAddress,
  cancelUrl: webAddress,
  mode: z.literal('test'),
  expiresAt: z.iso.datetime().optional(),
});

const accountRequest = z.strictObject({
  noticeUrl: webAddress,
  noticeSecret: z.string().refine(isSecret, '"whsec_" and at least 24 bytes in base64'),
});

const payForm = z.object({
  action: z.enum(['pay', 'decline', 'later', 'leave', 'authorise']),
  twice: z.literal('on').optional(),
  late: z.literal('on').optional(),
  amount: amount.optional(),
  currency: currency.optional(),
  delaySeconds: z.coerce.number().int().min(0).max(86_400).default(5),
});

const KIND_OF = { pay: 'captured', decline: 'failed', later: 'pending', authorise: 'authorised' } as const;

/** What a person may still do with a session that is not settled. */
const SETTLING: Readonly<Record<string, { readonly from: readonly string[]; readonly kind: EntryKind }>> = {
  capture: { from: ['pending', 'authorised'], kind: 'captured' },
  fail: { from: ['pending'], kind: 'failed' },
  void: { from: ['authorised'], kind: 'voided' },
};

/** A refusal of the API, answered as `{ error: { code, message } }`. */
class ApiRefusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The development payment provider: a JSON API for shops, a hosted page for buyers, a page of books for developers. */
export function createSandboxProvider({
  origin,
  dataFile,
  clock = () => new Date(),
  timing,
  noticeConnectTo,
}: SandboxOptions): SandboxProvider {
  const ledger = openLedger(dataFile);
  const post = openPost({ ledger, clock, timing: { ...USUAL_TIMING, ...timing }, connectTo: noticeConnectTo });
  const captures = new Map<string, NodeJS.Timeout>();

  const record = (session: Session, entry: Entry, delivering: Delivering): void => {
    ledger.write({ line: 'entry', sessionId: session.id, entry });
    post.announce(session, entry, delivering);
    captureLater(session.id);
  };

  /** Money that is under way arrives by itself, unless somebody settled it before. */
  const captureLater = (sessionId: string): void => {
    clearTimeout(captures.get(sessionId));
    const session = ledger.session(sessionId);
    const last = session?.entries.at(-1);
    if (!session || last?.kind !== 'pending' || !last.captureAt) return;
    const arrive = (): void => {
      const { amount: paid, currency: paidIn } = last;
      const entry = { kind: 'captured', amount: paid, currency: paidIn, at: clock().toISOString() } as const;
      record(session, entry, last.delivering ?? { isTwice: false, isLate: false });
    };
    const wait = Math.max(0, Date.parse(last.captureAt) - clock().getTime());
    captures.set(sessionId, setTimeout(arrive, wait).unref());
  };

  const urlOf = ({ id }: Session): string => new URL(`/pay/${id}`, origin).href;
  const shown = (session: Session) => {
    const { id, paymentId, reference, amount: due, currency: dueIn, mode, createdAt, expiresAt, entries } = session;
    const told = entries.map(({ kind, amount: paid, currency: paidIn, at }) => ({
      kind,
      amount: paid,
      currency: paidIn,
      at,
    }));
    const status = statusOf(session, clock());
    return {
      id,
      url: urlOf(session),
      status,
      paymentId,
      reference,
      amount: due,
      currency: dueIn,
      mode,
      createdAt,
      expiresAt,
      entries: told,
    };
  };

  const api = express.Router();
  api.use(express.json({ limit: '64kb' }));

  api.put('/account', (request, response) => {
    const id = accountOf(request);
    const account = { id, ...parsed(accountRequest, request.body) };
    ledger.write({ line: 'account', account });
    response.json({ id, noticeUrl: account.noticeUrl });
  });

  api.get('/account', (request, response) => {
    const id = accountOf(request);
    response.json({ id, noticeUrl: ledger.account(id)?.noticeUrl ?? null });
  });

  api.post('/checkout-sessions', (request, response) => {
    const account = accountOf(request);
    const idempotencyKey = request.get('idempotency-key') ?? '';
    if (idempotencyKey === '' || idempotencyKey.length > 255) {
      throw new ApiRefusal(400, 'idempotency_key_missing', 'Send an Idempotency-Key of at most 255 characters.');
    }
    const asked = parsed(sessionRequest, request.body);
    const requestHash = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
    const known = ledger.sessionByKey(account, idempotencyKey);
    if (known && known.requestHash !== requestHash) {
      throw new ApiRefusal(409, 'idempotency_key_reused', 'This Idempotency-Key came with another request before.');
    }
    const session = known ?? newSession(asked, { account, idempotencyKey, requestHash }, clock());
    if (!known) ledger.write({ line: 'session', session });
    response.status(201).json(shown(session));
  });

  api.get('/checkout-sessions/:id', (request, response) => {
    const session = ledger.session(request.params.id);
    if (session?.account !== accountOf(request)) throw new ApiRefusal(404, 'not_found', 'There is no such session.');
    response.json(shown(session));
  });

  api.use(() => {
    throw new ApiRefusal(404, 'not_found', 'There is nothing at this address.');
  });
  api.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const { status, code, message } = refusalOf(error);
    response.status(status).json({ error: { code, message } });
  });

  const pages = express.Router();
  pages.use(express.urlencoded({ extended: false, limit: '8kb' }));
  pages.use((request, response, next) => {
    const site = request.get('sec-fetch-site') ?? 'none';
    if (request.method === 'POST' && site !== 'same-origin' && site !== 'none') {
      return send(response, 403, messagePage('Not from here', 'This form must be sent from its own page.'));
    }
    next();
  });

  pages.get('/', (_request, response) => send(response, 200, booksPage(ledger.books(), clock())));
  pages.get('/style.css', (_request, response) => void response.type('css').send(STYLE));
  pages.get('/healthz', (_request, response) => void response.type('text').send('ok'));

  pages.get('/pay/:id', (request, response) => {
    const session = ledger.session(request.params.id);
    if (!session)
      return send(response, 404, messagePage('No such payment', 'Go back to the shop and begin the payment again.'));
    const isOpen = statusOf(session, clock()) === 'open';
    send(response, 200, isOpen ? payPage(session) : closedPage(session, clock()), [
      session.returnUrl,
      session.cancelUrl,
    ]);
  });

  pages.post('/pay/:id', (request, response) => {
    const session = ledger.session(request.params.id);
    if (!session)
      return send(response, 404, messagePage('No such payment', 'Go back to the shop and begin the payment again.'));
    const form = payForm.safeParse(request.body);
    if (!form.success) return send(response, 400, messagePage('That did not work', z.prettifyError(form.error)));
    const { action, twice, late, delaySeconds } = form.data;
    if (action === 'leave') return response.redirect(303, session.cancelUrl);
    const now = clock();
    // A button pressed twice, or on a page gone back to, does nothing more.
    if (statusOf(session, now) !== 'open') return response.redirect(303, session.returnUrl);
    const delivering = { isTwice: twice === 'on', isLate: late === 'on' };
    const entry = {
      kind: KIND_OF[action],
      amount: form.data.amount ?? session.amount,
      currency: form.data.currency ?? session.currency,
      at: now.toISOString(),
    };
    const captureAt = new Date(now.getTime() + delaySeconds * 1000).toISOString();
    record(session, action === 'later' ? { ...entry, captureAt, delivering } : entry, delivering);
    response.redirect(303, session.returnUrl);
  });

  pages.post('/sessions/:id/:action', (request, response) => {
    const session = ledger.session(request.params.id);
    const settling = SETTLING[request.params.action];
    const last = session?.entries.at(-1);
    if (!session || !settling || !last)
      return send(response, 404, messagePage('Nothing here', 'There is no such session or action.'));
    if (settling.from.includes(statusOf(session, clock()))) {
      const entry = { kind: settling.kind, amount: last.amount, currency: last.currency, at: clock().toISOString() };
      record(session, entry, { isTwice: false, isLate: false });
    }
    response.redirect(303, '/');
  });

  pages.post('/notices/:id/resend', (request, response) => {
    const notice = ledger.notice(request.params.id);
    if (!notice) return send(response, 404, messagePage('Nothing here', 'There is no such notice.'));
    post.resend(notice.id);
    response.redirect(303, '/');
  });

  const app = express();
  app.disable('x-powered-by');
  app.use((_request, response, next) => {
    response.set({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    next();
  });
  app.use('/v1', api);
  app.use(pages);
  app.use((_request, response) =>
    send(response, 404, messagePage('Nothing here', 'There is no page at this address.')),
  );
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const { status, message } = refusalOf(error);
    send(response, status, messagePage('That did not work', message));
  });

  post.resume();
  for (const { id } of ledger.books().sessions) captureLater(id);

  return {
    app,
    books: ledger.books,
    stop: () => {
      post.stop();
      for (const timer of captures.values()) clearTimeout(timer);
    },
  };
}

function newSession(
  asked: SessionRequest,
  by: Pick<Session, 'account' | 'idempotencyKey' | 'requestHash'>,
  now: Date,
): Session {
  return {
    ...asked,
    ...by,
    id: `cs_${randomBytes(18).toString('hex')}`,
    paymentId: `pay_${randomBytes(12).toString('hex')}`,
    createdAt: now.toISOString(),
    expiresAt: asked.expiresAt ?? new Date(now.getTime() + DAY_MS).toISOString(),
    entries: [],
  };
}

/** Any key of the form works; it names its account. */
function accountOf(request: Request): string {
  const key = /^Bearer (sandbox_key_[\w-]{1,200})$/.exec(request.get('authorization') ?? '')?.[1];
  if (key === undefined) throw new ApiRefusal(401, 'unauthorised', 'Send "Authorization: Bearer sandbox_key_…".');
  return `acct_${createHash('sha256').update(key).digest('hex').slice(0, 24)}`;
}

function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (!result.success) throw new ApiRefusal(400, 'invalid_request', z.prettifyError(result.error));
  return result.data;
}

function refusalOf(error: unknown): { readonly status: number; readonly code: string; readonly message: string } {
  if (error instanceof ApiRefusal) return error;
  // Express' own parsers throw errors that carry the status of a bad request.
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  if (status >= 400 && status < 500)
    return { status, code: 'invalid_request', message: 'The request could not be read.' };
  return { status: 500, code: 'failed', message: 'The sandbox provider failed.' };
}

function isSecret(text: string): boolean {
  const encoded = /^whsec_(.+)$/.exec(text)?.[1] ?? '';
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.length >= 24 && bytes.toString('base64') === encoded;
}

/** Browsers hold `form-action` against redirects too, so the places a form may end in are named. */
function send(response: Response, status: number, page: Page, formEndsIn: readonly string[] = []): void {
  const targets = ["'self'", ...new Set(formEndsIn.map((url) => new URL(url).origin))].join(' ');
  const policy = `default-src 'none'; style-src 'self'; form-action ${targets}; base-uri 'none'; frame-ancestors 'none'`;
  response.status(status).set('content-security-policy', policy).type('html').send(document(page));
}
