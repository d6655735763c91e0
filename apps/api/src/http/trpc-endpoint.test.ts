import { type Server, createServer, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { initTRPC } from '@trpc/server';
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http';
import { createTRPCClient, httpBatchLink, httpBatchStreamLink, httpLink } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { trpcEndpoint } from './trpc-endpoint.ts';

/* The endpoint beside tRPC's own adapter: the same router, the same requests, the same answers to the letter. */

const t = initTRPC.context<{ who: string }>().create({ isDev: false });
const aborted: string[] = [];
const router = t.router({
  plain: t.procedure.query(({ ctx }) => ({ who: ctx.who })),
  echo: t.procedure.input(z.strictObject({ text: z.string() })).query(({ input }) => input),
  nothing: t.procedure.query(() => undefined),
  dates: t.procedure.query(() => ({ at: new Date(0), none: null, missing: undefined })),
  nested: t.router({ add: t.procedure.input(z.number()).mutation(({ input }) => input + 1) }),
  change: t.procedure.mutation(() => 'changed'),
  fails: t.procedure.query(() => {
    throw new Error('a bug');
  }),
  large: t.procedure.query(() => 'ä'.repeat(5000)),
  slow: t.procedure.query(async ({ signal }) => {
    await new Promise<void>((done) => {
      const timer = setTimeout(done, 5000);
      signal?.addEventListener('abort', () => {
        aborted.push('slow');
        clearTimeout(timer);
        done();
      });
    });
    return 'done';
  }),
  count: t.procedure.subscription(async function* () {
    yield 1;
    yield 2;
  }),
});

const failed: string[] = [];
const servers = new Map<'ours' | 'theirs', { server: Server; url: string; port: number }>();
beforeAll(async () => {
  const ours = trpcEndpoint({
    router,
    sameOrigin: false,
    createContext: () => ({ who: 'somebody' }),
    onError: ({ path }) => failed.push(path ?? ''),
  });
  const handlers = {
    ours: createServer((req, res) => {
      const [path = '', search] = (req.url ?? '').split('?');
      void ours(req, res, path.slice(1), search === undefined ? '' : `?${search}`);
    }),
    theirs: createServer((req, res) => {
      void nodeHTTPRequestHandler({
        router,
        req,
        res,
        path: (req.url ?? '').split('?')[0]?.slice(1) ?? '',
        createContext: () => Promise.resolve({ who: 'somebody' }),
        maxBodySize: 1_000_000,
        maxBatchSize: 20,
      });
    }),
  };
  for (const name of ['ours', 'theirs'] as const) {
    const server = handlers[name];
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    servers.set(name, { server, port, url: `http://127.0.0.1:${port}` });
  }
});
afterAll(() => {
  for (const { server } of servers.values()) {
    server.closeAllConnections();
    server.close();
  }
});

type Said = { status: number | undefined; type: string | undefined; body: string };
const ask = (
  name: 'ours' | 'theirs',
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Said> =>
  new Promise((done, fail) => {
    const call = request({ host: '127.0.0.1', port: servers.get(name)?.port, path, method, headers }, (res) => {
      const pieces: Buffer[] = [];
      res.on('data', (piece: Buffer) => pieces.push(piece));
      res.on('end', () =>
        done({
          status: res.statusCode,
          type: res.headers['content-type'],
          body: Buffer.concat(pieces).toString('utf8'),
        }),
      );
    });
    call.on('error', fail);
    call.end(body);
  });

const input = (value: unknown): string => encodeURIComponent(JSON.stringify(value));
const json = (body: string) => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body });
const REQUESTS: readonly [path: string, send?: Parameters<typeof ask>[2]][] = [
  ['/plain'],
  ['/plain?input='],
  [`/echo?input=${input({ text: 'ü 🙂 \u0000' })}`],
  [`/echo?input=${input({ text: 5 })}`],
  ['/echo'],
  ['/echo?input={'],
  ['/echo?input=null'],
  [`/echo?input=${input({ text: 'x', more: 1 })}`],
  ['/nothing'],
  ['/dates'],
  ['/fails'],
  ['/large'],
  ['/no.such.thing'],
  ['/nested'],
  ['/__proto__'],
  ['/constructor'],
  ['/pl%61in'],
  ['/%E0%A4%A'],
  ['/plain,plain'],
  [`/plain,echo,fails,nothing?batch=1&input=${input({ 1: { text: 'b' } })}`],
  [`/plain,echo?batch=1&input=${input({ 1: {} })}`],
  ['/plain,none?batch=1'],
  ['/plain?batch=1'],
  ['/plain,plain?batch=1&input=[]'],
  ['/plain,plain?batch=1&input=5'],
  ['/plain,plain?batch=1&input=null'],
  [`/plain?batch=1&input=${input({ __proto__: { 0: 1 } })}`],
  [`/${Array(20).fill('plain').join(',')}?batch=1`],
  [`/${Array(21).fill('plain').join(',')}?batch=1`],
  ['/change'],
  ['/plain,change?batch=1'],
  ['/change', json('')],
  ['/change', json('{}')],
  ['/plain', json('{}')],
  ['/nested.add', json('41')],
  ['/nested.add', json('"41"')],
  ['/nested.add', json('{')],
  ['/nested.add', json('[41]')],
  ['/nested.add,change?batch=1', json('{"0":1}')],
  ['/nested.add,change?batch=1', json('{"0":"x"}')],
  ['/nested.add,change?batch=1', json('[1]')],
  ['/nested.add,plain?batch=1', json('{"0":1}')],
  ['/plain?connectionParams=null'],
  ['/plain?connectionParams={'],
  ['/plain', { headers: { 'trpc-accept': 'application/jsonl' } }],
  ['/plain,echo?batch=1', { headers: { 'trpc-accept': 'application/jsonl' } }],
  ['/count'],
];

describe('the endpoint answers as tRPC’s own adapter does', () => {
  test.each(REQUESTS)('%s %j', async (path, send) => {
    expect(await ask('ours', path, send)).toEqual(await ask('theirs', path, send));
  });

  test('what is asked for packed comes packed, and is the same', async () => {
    const url = servers.get('ours')?.url ?? '';
    for (const encoding of ['br', 'gzip']) {
      const answer = await fetch(`${url}/large`, { headers: { 'accept-encoding': encoding } });
      expect(answer.headers.get('content-encoding')).toBe(encoding);
      expect(await answer.json()).toEqual({ result: { data: 'ä'.repeat(5000) } });
    }
    expect(
      (await fetch(`${url}/plain`, { headers: { 'accept-encoding': 'br' } })).headers.get('content-encoding'),
    ).toBe(null);
  });

  test('a body that is too large, of another kind or by another method is refused before it is read', async () => {
    expect((await ask('ours', '/nested.add', json(`"${'x'.repeat(1_000_001)}"`))).status).toBe(413);
    const chunked = {
      ...json(`"${'x'.repeat(1_000_001)}"`),
      headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
    };
    expect((await ask('ours', '/nested.add', chunked)).status).toBe(413);
    expect(
      (await ask('ours', '/nested.add', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '1' }))
        .status,
    ).toBe(415);
    expect((await ask('ours', '/nested.add', { method: 'PUT', body: '1' })).status).toBe(405);
  });
});

describe('who goes away in the middle of a body', () => {
  const endpoint = trpcEndpoint({
    router,
    sameOrigin: false,
    createContext: () => ({ who: '' }),
    onError: () => undefined,
  });

  test.each([
    ['is heard of while the body is read', 0],
    ['is heard of when the body comes to be read', 100],
  ])('%s, and is no fault of ours', async (_when, wait) => {
    const server = createServer();
    const ended = new Promise<unknown>((done) => {
      server.on('request', (req, res) => {
        void sleep(wait)
          .then(() => endpoint(req, res, 'nested.add', ''))
          .then(() => done('answered'), done);
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const socket = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
    socket.write(
      'POST /nested.add HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n1234',
    );
    await sleep(30);
    socket.destroy();
    expect(await Promise.race([ended, sleep(1000, 'still waiting')])).toMatchObject({ status: 400 });
    server.close();
  });
});

describe('the official client', () => {
  const client = (link: (url: string) => Parameters<typeof createTRPCClient<typeof router>>[0]['links'][number]) =>
    createTRPCClient<typeof router>({ links: [link(servers.get('ours')?.url ?? '')] });
  const kinds = {
    'one by one': (url: string) => httpLink({ url }),
    batched: (url: string) => httpBatchLink({ url }),
    streamed: (url: string) => httpBatchStreamLink({ url }),
  };

  test.each(Object.entries(kinds))('%s: values, errors and many at once', async (_name, link) => {
    const api = client(link);
    const [plain, echo, fails, wrong, added] = await Promise.allSettled([
      api.plain.query(),
      api.echo.query({ text: 'ü' }),
      api.fails.query(),
      api.echo.query({ text: 5 } as never),
      api.nested.add.mutate(41),
    ]);
    expect(plain).toEqual({ status: 'fulfilled', value: { who: 'somebody' } });
    expect(echo).toEqual({ status: 'fulfilled', value: { text: 'ü' } });
    expect(added).toEqual({ status: 'fulfilled', value: 42 });
    expect(fails).toMatchObject({ status: 'rejected', reason: { data: { code: 'INTERNAL_SERVER_ERROR' } } });
    expect(wrong).toMatchObject({ status: 'rejected', reason: { data: { code: 'BAD_REQUEST', path: 'echo' } } });
  });

  test.each(Object.entries(kinds))('%s: a call that is given up is heard of by the procedure', async (_name, link) => {
    aborted.length = 0;
    const giveUp = new AbortController();
    const call = client(link).slow.query(undefined, { signal: giveUp.signal });
    setTimeout(() => giveUp.abort(), 100);
    await expect(call).rejects.toThrow();
    await expect.poll(() => aborted).toEqual(['slow']);
  });

  test('every fault was told to the log once', () =>
    expect(failed.filter((path) => path === 'fails').length).toBeGreaterThan(3));
});
