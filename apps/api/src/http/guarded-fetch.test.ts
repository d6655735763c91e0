import { type RequestListener, type Server, createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  FetchRefused,
  type FetchRules,
  type NameLookup,
  createGuardedFetch,
  guardedFetch,
  isPublicAddress,
} from './guarded-fetch.ts';

describe('H05 · an address is public or it is not', () => {
  test.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.169.254',
    '169.254.170.2',
    '100.64.0.1',
    '100.100.100.200',
    '192.0.0.192',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::a9fe:a9fe',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::a9fe:a9fe',
    '2002:7f00:1::',
    '2002:a9fe:a9fe::',
    '2001:0:7f00:1::',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd00:ec2::254',
    'fec0::1',
    'ff02::1',
    '2001:db8::1',
    '100::1',
    '',
    'localhost',
    '127.1',
    '0x7f000001',
    '2130706433',
    '017700000001',
    'example.org',
  ])('%s is not', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.each([
    '93.184.215.14',
    '8.8.8.8',
    '172.32.0.1',
    '192.169.0.1',
    '2606:2800:21f:cb07:6820:80da:af6b:8b2c',
    '2a00:1450:4001:81d::200e',
    '::ffff:8.8.8.8',
  ])('%s is', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'read',
    (error: unknown) => (error instanceof FetchRefused ? error.message : `threw ${String(error)}`),
  );
const LIMIT = { maxBytes: 1_000_000 };
const PRIVATE = 'This address is inside a private network.';
const NOT_PLAIN = 'Only plain http and https addresses are read.';

/** A name look-up under the test's control: a list of answers a name, one after the other; the last one stays. */
function names(answers: Readonly<Record<string, readonly (readonly string[])[]>>) {
  const asked: string[] = [];
  const turn = new Map<string, number>();
  const resolve: NameLookup = (host, _options, done) => {
    asked.push(host);
    const list = answers[host];
    const n = turn.get(host) ?? 0;
    turn.set(host, n + 1);
    const addresses = list?.[Math.min(n, list.length - 1)];
    setImmediate(() => {
      if (addresses)
        done(
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        );
      else done(Object.assign(new Error('none'), { code: 'ENOTFOUND' }), []);
    });
  };
  return { resolve, asked };
}

describe('H05 · what is asked for is checked before anything is connected to', () => {
  test.each([
    'http://127.0.0.1/',
    'https://127.0.0.1/a.png',
    'http://127.1/',
    'http://0x7f.1/',
    'http://2130706433/',
    'http://017700000001/',
    'http://0/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'http://10.0.0.1/',
    'http://192.168.1.1/',
    'http://１２７.0.0.1/',
    'http://①②⑦.0.0.1/',
  ])('%s is inside', async (address) => {
    expect(await refusal(guardedFetch(address, LIMIT))).toBe(PRIVATE);
  });

  test.each(['localhost', 'aurora.localhost', 'localhost.'])('the name %s leads inside', async (host) => {
    expect(
      ['read', 'The host of this address was not found.', PRIVATE].indexOf(
        await refusal(guardedFetch(`http://${host}/`, LIMIT)),
      ),
    ).toBeGreaterThan(0);
  });

  test.each([
    'http://user:secret@example.org/a.png',
    'http://user@example.org/',
    'http://example.org:22/',
    'http://example.org:8080/a.png',
    'https://example.org:5432/',
    'http://example.org:6379/',
    'ftp://example.org/a.png',
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
    'gopher://example.org/',
    'javascript:alert(1)',
    'blob:http://example.org/x',
  ])('%s is no plain address', async (address) => {
    expect(await refusal(guardedFetch(address, LIMIT))).toBe(NOT_PLAIN);
  });

  test('a text that is no address says so', async () => {
    expect(await refusal(guardedFetch('example.org/a.png', LIMIT))).toBe('This is not an address.');
  });

  test.each(['10.0.0.7', '127.0.0.1', '169.254.169.254', '::1', '::ffff:192.168.0.1', 'fd00::1', '64:ff9b::a00:1'])(
    'a name that resolves to %s is inside',
    async (address) => {
      const { resolve, asked } = names({ 'pictures.example': [[address]] });
      expect(await refusal(createGuardedFetch({ resolve })('http://pictures.example/a.png', LIMIT))).toBe(PRIVATE);
      expect(asked).toEqual(['pictures.example']);
    },
  );

  test('a name nobody knows is told in words', async () => {
    expect(await refusal(createGuardedFetch(names({}))('http://nowhere.example/', LIMIT))).toBe(
      'The host of this address was not found.',
    );
  });
});

describe('over real connections', () => {
  let outside: Server;
  let inside: Server;
  let port = 0;
  let insideAsked = 0;
  let answer: RequestListener = (_req, res) => void res.end();
  // 127.0.0.1 stands for the internet here and 127.0.0.2 for the private network, on one port.
  beforeAll(async () => {
    outside = createServer((req, res) => answer(req, res));
    await new Promise<void>((done) => outside.listen(0, '127.0.0.1', done));
    const address = outside.address();
    port = typeof address === 'object' && address ? address.port : 0;
    inside = createServer((_req, res) => {
      insideAsked += 1;
      res.end('secret');
    });
    await new Promise<void>((done) => inside.listen(port, '127.0.0.2', done));
  });
  afterAll(async () => {
    for (const server of [outside, inside]) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  });

  const rules = (answers: Parameters<typeof names>[0], more: FetchRules = {}) =>
    createGuardedFetch({
      ...names(answers),
      mayConnect: (address) => address === '127.0.0.1',
      ports: new Set(['', String(port)]),
      ...more,
    });
  const HERE = { 'pictures.example': [['127.0.0.1']], 'inside.example': [['127.0.0.2']] };
  const url = (path: string, host = 'pictures.example'): string => `http://${host}:${port}${path}`;

  test('a file that is there is read whole', async () => {
    answer = (_req, res) => void res.end('a picture');
    expect((await rules(HERE)(url('/a.png'), LIMIT)).toString()).toBe('a picture');
  });

  test('nothing of us is sent along: no cookie, no referrer, no credentials', async () => {
    let seen: Record<string, unknown> = {};
    answer = (req, res) => {
      seen = req.headers;
      res.end('x');
    };
    await rules(HERE)(url('/a.png'), LIMIT);
    expect(Object.keys(seen).toSorted()).toEqual(['accept', 'connection', 'host', 'user-agent']);
  });

  test('H05 · a name whose answer changes between check and use is checked in use', async () => {
    insideAsked = 0;
    answer = (_req, res) => {
      res.setHeader('connection', 'close');
      res.end('x');
    };
    const get = rules({ 'turning.example': [['127.0.0.1'], ['127.0.0.2']] });
    expect(await refusal(get(url('/', 'turning.example'), LIMIT))).toBe('read');
    expect(await refusal(get(url('/', 'turning.example'), LIMIT))).toBe(PRIVATE);
    expect(insideAsked).toBe(0);
  });

  test('H05 · of a name with a public and a private address only the public one is connected to', async () => {
    insideAsked = 0;
    answer = (_req, res) => void res.end('public');
    expect(
      (await rules({ 'both.example': [['127.0.0.2', '127.0.0.1']] })(url('/', 'both.example'), LIMIT)).toString(),
    ).toBe('public');
    expect(insideAsked).toBe(0);
  });

  test.each([
    ['to a private address', () => `http://127.0.0.2:${port}/`, PRIVATE],
    ['to a name that leads inside', () => url('/', 'inside.example'), PRIVATE],
    ['to a mapped address', () => `http://[::ffff:127.0.0.2]:${port}/`, PRIVATE],
    ['to another port', () => 'http://pictures.example:22/', NOT_PLAIN],
    ['to another scheme', () => 'file:///etc/passwd', NOT_PLAIN],
    ['with credentials', () => `http://a:b@pictures.example:${port}/`, NOT_PLAIN],
    ['to nothing', () => 'http://', 'This is not an address.'],
  ])('H05 · a redirect %s is refused', async (_name, location, words) => {
    insideAsked = 0;
    answer = (_req, res) => void res.writeHead(302, { location: location() }).end();
    expect(await refusal(rules(HERE)(url('/a'), LIMIT))).toBe(words);
    expect(insideAsked).toBe(0);
  });

  test('three redirects are followed, relative ones too; an endless row is not', async () => {
    let asked = 0;
    answer = (req, res) => {
      asked += 1;
      const n = Number(req.url?.slice(1));
      if (n < 3) res.writeHead(302, { location: `/${n + 1}` }).end();
      else res.end('arrived');
    };
    expect((await rules(HERE)(url('/0'), LIMIT)).toString()).toBe('arrived');
    asked = 0;
    answer = (_req, res) => {
      asked += 1;
      res.writeHead(302, { location: '/again' }).end();
    };
    expect(await refusal(rules(HERE)(url('/0'), LIMIT))).toBe('The address leads from one to the next without an end.');
    expect(asked).toBe(4);
  });

  test('a body larger than the limit ends there, whether it says so or not', async () => {
    let sent = 0;
    answer = (_req, res) => {
      const more = (): void => {
        while (!res.destroyed && sent < 100_000_000) {
          sent += 65_536;
          if (!res.write(Buffer.alloc(65_536))) return void res.once('drain', more);
        }
      };
      more();
    };
    expect(await refusal(rules(HERE)(url('/'), { maxBytes: 1_000_000 }))).toBe('The file is larger than 1 MB.');
    expect(sent).toBeLessThan(20_000_000);
    answer = (_req, res) => void res.writeHead(200, { 'content-length': '10000000000' }).write('x');
    expect(await refusal(rules(HERE)(url('/'), LIMIT))).toBe('The file is larger than 1 MB.');
  });

  test.each([
    ['never answers', () => undefined],
    [
      'sends a byte now and then without an end',
      (_req, res) => {
        const timer = setInterval(() => res.write('x'), 20);
        res.on('close', () => clearInterval(timer));
      },
    ],
    [
      'redirects with a body that never ends',
      (_req, res) => {
        res.writeHead(302, { location: '/next' });
        const timer = setInterval(() => res.write('x'.repeat(10_000)), 10);
        res.on('close', () => clearInterval(timer));
      },
    ],
  ] satisfies [string, RequestListener][])(
    'a server that %s costs no more than the time allowed',
    async (_name, listener) => {
      answer = listener;
      const startedAt = performance.now();
      expect([
        'The address took too long to answer.',
        'The address leads from one to the next without an end.',
      ]).toContain(await refusal(rules(HERE, { timeoutMs: 300 })(url('/'), LIMIT)));
      expect(performance.now() - startedAt).toBeLessThan(1_500);
    },
  );

  test.each([204, 206, 304, 401, 403, 404, 500, 503])('an answer of %i is none', async (status) => {
    answer = (_req, res) => void res.writeHead(status).end();
    expect(await refusal(rules(HERE)(url('/'), LIMIT))).toBe(`The address answered ${status}.`);
  });

  test('an answer that breaks off is none', async () => {
    answer = (_req, res) => {
      res.writeHead(200, { 'content-length': '1000' });
      res.write('half', () => res.destroy());
    };
    expect(await refusal(rules(HERE)(url('/'), LIMIT))).toBe('The address could not be read.');
  });
});
