import { Agent, type Server, createServer, get, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Balancer = {
  readonly port: number;
  /** How many processes it passes requests to now. */
  ready(): number;
  close(): Promise<void>;
};

/**
 * A small load balancer on a free port: it asks each process whether it is ready and passes requests on in turn, over
 * connections that it keeps. It never tries a request twice: what a process drops is a 502 for whoever asked.
 */
export async function startBalancer(ports: readonly number[], everyMs = 100): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true, maxSockets: 200 });
  const ready = new Set<number>();
  const ask = (port: number): Promise<void> =>
    new Promise((done) => {
      const call = get({ host: '127.0.0.1', port, path: '/readyz', agent: false, timeout: 3_000 }, (answer) => {
        answer.resume();
        if (answer.statusCode === 200) ready.add(port);
        else ready.delete(port);
        answer.on('close', done);
      });
      call.on('timeout', () => call.destroy());
      call.on('error', () => {
        ready.delete(port);
        done();
      });
    });
  await Promise.all(ports.map(ask));
  const timer = setInterval(() => ports.forEach((port) => void ask(port)), everyMs);
  let turn = 0;
  const server: Server = createServer((req, res) => {
    const able = ports.filter((port) => ready.has(port));
    const port = able[(turn += 1) % able.length];
    if (port === undefined) return void res.writeHead(503).end('no process is ready');
    const { connection: _, ...headers } = req.headers;
    const call = request({ host: '127.0.0.1', port, method: req.method, path: req.url, headers, agent }, (answer) => {
      // The connections of the two sides are two: the one to the process may end while the visitor's goes on.
      const { connection: __, ...answered } = answer.headers;
      res.writeHead(answer.statusCode ?? 502, answered);
      answer.on('error', () => res.destroy());
      answer.pipe(res);
    });
    call.on('error', (error) => {
      if (res.headersSent) return void res.destroy();
      res.writeHead(502).end(`the process dropped the request: ${error.message}`);
    });
    res.on('close', () => call.destroy());
    req.pipe(call);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    ready: () => ready.size,
    close: async () => {
      clearInterval(timer);
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}
