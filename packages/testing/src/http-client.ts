import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';

export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Buffer;
};

export type Send = {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Sent as it is instead of the path: an absolute-form request target, for instance. */
  readonly target?: string;
};

/** One visitor at one host: sends the headers a browser would, and keeps cookies. */
export type HttpClient = {
  readonly host: string;
  readonly cookies: Map<string, string>;
  send(path: string, send?: Send): Promise<Answer>;
  get(path: string, headers?: OutgoingHttpHeaders): Promise<Answer>;
  /** Posts a form as the host's own page would. */
  form(path: string, fields: Readonly<Record<string, string>>, headers?: OutgoingHttpHeaders): Promise<Answer>;
  post(path: string, json: unknown, headers?: OutgoingHttpHeaders): Promise<Answer>;
  query(procedure: string, input?: unknown, headers?: OutgoingHttpHeaders): Promise<TrpcAnswer>;
  mutate(procedure: string, input?: unknown, headers?: OutgoingHttpHeaders): Promise<TrpcAnswer>;
  /** The same person, with the same cookies, at another process of the installation. */
  at(port: number): HttpClient;
};

export type Refusal = {
  readonly code: string;
  readonly message: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly field?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
};
export type TrpcAnswer = {
  readonly status: number;
  readonly value: unknown;
  readonly refusal: Refusal | undefined;
  readonly text: string;
};

const agent = new Agent({ keepAlive: true, maxSockets: 200 });

/** Connects to 127.0.0.1 with a Host header: names under `localhost` do not resolve everywhere. */
export function httpClient(
  port: number,
  host: string,
  {
    headers: always = {},
    cookies = new Map<string, string>(),
  }: { headers?: OutgoingHttpHeaders; cookies?: Map<string, string> } = {},
): HttpClient {
  const send = (path: string, { method = 'GET', headers = {}, body, target }: Send = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const bytes = body === undefined ? undefined : Buffer.from(body);
      // An undefined header is one that this caller does not send.
      const all = { host: `${host}:${port}`, 'sec-fetch-site': 'same-origin', ...always, ...headers };
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const call = request(
        {
          agent,
          port,
          method,
          host: '127.0.0.1',
          path: target ?? path,
          setHost: false,
          headers: Object.fromEntries(
            Object.entries({
              ...(cookie ? { cookie } : {}),
              ...(bytes ? { 'content-length': bytes.length } : {}),
              ...all,
            }).filter(([, value]) => value !== undefined),
          ),
        },
        (answer) => {
          const pieces: Buffer[] = [];
          answer.on('data', (piece: Buffer) => pieces.push(piece));
          answer.on('error', reject);
          answer.on('end', () => {
            for (const line of answer.headers['set-cookie'] ?? []) {
              const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
              if (/max-age=0/i.test(line)) cookies.delete(name);
              else cookies.set(name, value);
            }
            const whole = Buffer.concat(pieces);
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              text: whole.toString('utf8'),
              body: whole,
            });
          });
        },
      );
      call.on('error', reject);
      call.end(bytes);
    });
  const post: HttpClient['post'] = (path, json, headers) =>
    send(path, {
      method: 'POST',
      body: JSON.stringify(json),
      headers: { 'content-type': 'application/json', ...headers },
    });
  return {
    host,
    cookies,
    send,
    get: (path, headers) => send(path, headers ? { headers } : {}),
    form: (path, fields, headers) =>
      send(path, {
        method: 'POST',
        body: new URLSearchParams(fields).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      }),
    post,
    query: async (procedure, input, headers) =>
      trpcAnswer(
        await send(
          `/trpc/${procedure}${input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`}`,
          headers ? { headers } : {},
        ),
      ),
    mutate: async (procedure, input, headers) => trpcAnswer(await post(`/trpc/${procedure}`, input, headers)),
    at: (other) => httpClient(other, host, { headers: always, cookies }),
  };
}

function trpcAnswer({ status, text }: Answer): TrpcAnswer {
  const json = parsed(text) as
    | { result?: { data?: unknown }; error?: { message?: string; data?: { refusal?: Refusal } } }
    | undefined;
  return { status, text, value: json?.result?.data, refusal: json?.error?.data?.refusal };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** All at once, as far as one process can: every call is begun before the first is awaited. */
export const together = <Value>(count: number, call: (i: number) => Promise<Value>): Promise<Value[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => call(i)));

/** How often each value comes, for sentences such as "one 200 and forty-nine 409". */
export const tally = (values: readonly (string | number)[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
};
