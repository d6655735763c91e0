import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { AnyTRPCRouter, TRPCError } from '@trpc/server';
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http';
import {
  type AnyProcedure,
  type TRPCResponse,
  defaultTransformer,
  getErrorShape,
  getHTTPStatusCode,
  getTRPCErrorFromUnknown,
  transformTRPCResponse,
} from '@trpc/server/unstable-core-do-not-import';
import { type Meta, refusalOf } from '../trpc/procedures.ts';
import { retryAfterOf } from '../trpc/refusals.ts';
import { isSameOrigin } from './same-origin.ts';

const MAX_BODY_BYTES = 1_000_000;
const MAX_BATCH = 20;
/** Below this, what is saved on the line is less than what packing costs. */
const PACK_FROM_BYTES = 2048;

export type TrpcEndpoint<Context> = {
  readonly router: AnyTRPCRouter;
  /** Whether changes are taken from pages of this very host only (H02). */
  readonly sameOrigin: boolean;
  readonly createContext: (req: IncomingMessage, res: ServerResponse) => Context;
  readonly onError: (failed: { error: TRPCError; path: string | undefined }) => void;
};

type Call = { readonly path: string; readonly procedure: AnyProcedure; readonly input: unknown };
type Calls = { readonly calls: readonly Call[]; readonly isBatch: boolean };

/**
 * Answers tRPC over HTTP. What every client sends all day – one query or mutation, or a batch of them, as JSON – is
 * answered here, with tRPC's own parts for calling and for shaping answers, straight from Node's request to Node's
 * response. Whatever is anything else, or wrong in any way, goes to tRPC's own adapter, so that the protocol is tRPC's to
 * the letter (ADR 14; `trpc-endpoint.test.ts` compares the two).
 */
export function trpcEndpoint<Context extends object>(
  endpoint: TrpcEndpoint<Context>,
): (req: IncomingMessage, res: ServerResponse, path: string, search: string) => Promise<void> {
  const { router, sameOrigin, createContext, onError } = endpoint;
  const procedures = router._def.procedures as Readonly<Record<string, AnyProcedure>>;
  const byAdapter = (req: IncomingMessage, res: ServerResponse, path: string): Promise<void> =>
    nodeHTTPRequestHandler({
      router,
      req,
      res,
      path,
      createContext: () => createContext(req, res),
      onError: ({ error, path: at }: { error: TRPCError; path: string | undefined }) => onError({ error, path: at }),
      responseMeta: ({ errors }) => {
        const seconds = retryAfter(errors);
        return seconds === undefined ? {} : { headers: { 'retry-after': String(seconds) } };
      },
      maxBodySize: MAX_BODY_BYTES,
      maxBatchSize: MAX_BATCH,
    });

  return async (req, res, path, search) => {
    if (refused(req, res, sameOrigin)) return;
    const query = search === '' ? undefined : new URLSearchParams(search);
    const alone = query?.get('batch') === '1' ? aloneAmong(procedures, path) : undefined;
    if (alone !== undefined) {
      const message = `${alone} goes alone: send it in a request of its own. Nothing of this one was done.`;
      return void refuse(res, 400, 'must_be_alone', message);
    }
    const named = proceduresNamed(procedures, req, path, query);
    if (!named) return byAdapter(req, res, path);
    let text: string | null | undefined;
    if (req.method === 'POST') {
      const body = await readBody(req);
      if (body === undefined) return void tooLarge(res);
      text = body;
      // The adapter finds the body here when it has to take over.
      Object.assign(req, { body });
    } else text = query?.get('input');
    const asked = callsOf(named, text);
    if (!asked) return byAdapter(req, res, path);
    await answer(req, res, asked);
  };

  async function answer(req: IncomingMessage, res: ServerResponse, { calls, isBatch }: Calls): Promise<void> {
    const config = router._def._config;
    const gone = new AbortController();
    res.once('close', () => {
      if (!res.writableFinished) gone.abort();
    });
    const ctx = createContext(req, res);
    const errors: TRPCError[] = [];
    const results = await Promise.all(
      calls.map(async ({ path, procedure, input }, batchIndex): Promise<TRPCResponse> => {
        const { type } = procedure._def;
        try {
          const data: unknown = await procedure({
            path,
            getRawInput: async () => input,
            ctx,
            type,
            signal: gone.signal,
            batchIndex,
          });
          return { result: { data } };
        } catch (cause) {
          const error = getTRPCErrorFromUnknown(cause);
          onError({ error, path });
          errors.push(error);
          return { error: getErrorShape({ config, ctx, error, input, path, type }) };
        }
      }),
    );
    const seconds = retryAfter(errors);
    if (seconds !== undefined) res.setHeader('Retry-After', String(seconds));
    const whole = isBatch ? results : (results[0] ?? []);
    res.statusCode = getHTTPStatusCode(whole);
    res.setHeader('Vary', 'trpc-accept, accept, accept-encoding');
    res.setHeader('Content-Type', 'application/json');
    // The usual transformer changes nothing, and copies everything to say so.
    const said = config.transformer === defaultTransformer ? whole : transformTRPCResponse(config, whole);
    await send(req, res, JSON.stringify(said));
  }
}

/** In how many seconds it is worth asking again: the longest that any refusal among the answers says. */
function retryAfter(errors: readonly TRPCError[]): number | undefined {
  const seconds = errors.flatMap((error) => retryAfterOf(refusalOf(error)) ?? []);
  return seconds.length > 0 ? Math.max(...seconds) : undefined;
}

/** What is let through at all: JSON, of a bounded size, from a page of the same origin. True: it was refused. */
function refused(req: IncomingMessage, res: ServerResponse, sameOrigin: boolean): boolean {
  // What an answer shows is for who asked: no browser, proxy or history keeps it.
  res.setHeader('Cache-Control', 'private, no-store');
  if (req.method !== 'GET' && req.method !== 'POST')
    return refuse(res, 405, 'wrong_method', 'Use GET to ask and POST to change.');
  if (req.method === 'GET') return false;
  // Uploads and forms have addresses of their own. JSON is UTF-8; what says otherwise is read otherwise by somebody between.
  if (!/^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?;?$/i.test(req.headers['content-type'] ?? ''))
    return refuse(res, 415, 'wrong_content_type', 'Send JSON.');
  if (Number(req.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return tooLarge(res);
  if (sameOrigin && !isSameOrigin(req))
    return refuse(res, 403, 'other_origin', 'This came from another site. Open the page itself and try again.');
  return false;
}

const tooLarge = (res: ServerResponse): true => refuse(res, 413, 'too_large', 'This is too large.');

function refuse(res: ServerResponse, status: number, code: string, message: string): true {
  const body = { error: { message, code: -32600, data: { httpStatus: status, refusal: { code, message } } } };
  res.statusCode = status;
  res.setHeader('Content-Type', 'application/json');
  // The rest of a body that is not read would be taken for the next request.
  if (status === 413) res.setHeader('Connection', 'close');
  res.end(JSON.stringify(body));
  return true;
}

/**
 * The first procedure of a batch whose `meta` says that it goes alone; undefined when there is none, or it is the only
 * call. The path is read as tRPC's adapter reads it, so that no way of writing a name slips past to it.
 */
function aloneAmong(procedures: Readonly<Record<string, AnyProcedure>>, path: string): string | undefined {
  let names: readonly string[];
  try {
    names = decodeURIComponent(path).split(',');
  } catch {
    return undefined;
  }
  if (names.length < 2) return undefined;
  return names.find((name) => {
    const procedure = Object.hasOwn(procedures, name) ? procedures[name] : undefined;
    return (procedure?._def.meta as Meta | undefined)?.alone === true;
  });
}

type Named = { readonly found: readonly { path: string; procedure: AnyProcedure }[]; readonly isBatch: boolean };

/** The procedures an ordinary request names; undefined when it is none, or asks for anything the adapter knows better. */
function proceduresNamed(
  procedures: Readonly<Record<string, AnyProcedure>>,
  req: IncomingMessage,
  path: string,
  query: URLSearchParams | undefined,
): Named | undefined {
  const { accept, 'trpc-accept': trpcAccept } = req.headers;
  if (trpcAccept !== undefined || accept?.includes('application/jsonl') || query?.has('connectionParams'))
    return undefined;
  const isBatch = query?.get('batch') === '1';
  const paths = isBatch ? path.split(',') : [path];
  if (paths.length > MAX_BATCH) return undefined;
  const type = req.method === 'GET' ? 'query' : 'mutation';
  const found: { path: string; procedure: AnyProcedure }[] = [];
  for (const name of paths) {
    const procedure = Object.hasOwn(procedures, name) ? procedures[name] : undefined;
    if (!procedure || procedure._def.type !== type) return undefined;
    found.push({ path: name, procedure });
  }
  return { found, isBatch };
}

/** Each call with its input; undefined when the inputs cannot be read. */
function callsOf({ found, isBatch }: Named, text: string | null | undefined): Calls | undefined {
  let given: unknown;
  try {
    given = text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
  if (!isBatch) return { isBatch, calls: found.map((f) => ({ ...f, input: given })) };
  if (given !== undefined && (typeof given !== 'object' || given === null || Array.isArray(given))) return undefined;
  const inputs = (given ?? {}) as Readonly<Record<number, unknown>>;
  return { isBatch, calls: found.map((f, i) => ({ ...f, input: Object.hasOwn(inputs, i) ? inputs[i] : undefined })) };
}

/** Whoever sent a part of a body went away. Nobody waits for an answer, and it is no fault of ours. */
class BodyBrokenOff extends Error {
  readonly status = 400;
  constructor(options?: ErrorOptions) {
    super('the body of a request broke off', options);
  }
}

/** The body as text; undefined when it is too large. */
function readBody(req: IncomingMessage): Promise<string | undefined> {
  return new Promise((done, fail) => {
    // They went before anybody listened: nothing more will be heard of it.
    if (req.destroyed) return fail(new BodyBrokenOff());
    const pieces: Buffer[] = [];
    let size = 0;
    req.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size <= MAX_BODY_BYTES) pieces.push(piece);
      else {
        req.removeAllListeners('data');
        req.resume();
        done(undefined);
      }
    });
    req.on('end', () => done(Buffer.concat(pieces).toString('utf8')));
    req.on('error', (cause) => fail(new BodyBrokenOff({ cause })));
  });
}

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

async function send(req: IncomingMessage, res: ServerResponse, text: string): Promise<void> {
  const encodings = req.headers['accept-encoding'];
  const encoding =
    encodings === undefined || text.length < PACK_FROM_BYTES
      ? undefined
      : /\bbr\b/.test(encodings)
        ? 'br'
        : /\bgzip\b/.test(encodings)
          ? 'gzip'
          : undefined;
  if (!encoding) {
    // As text, head and body leave in one write.
    res.setHeader('Content-Length', Buffer.byteLength(text));
    res.end(text);
    return;
  }
  const body =
    encoding === 'br'
      ? await brotli(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })
      : await gzipped(text, { level: 4 });
  res.setHeader('Content-Encoding', encoding);
  res.setHeader('Content-Length', body.length);
  res.end(body);
}
