import { createServer } from 'node:http';
import type { Database } from '@souk/db';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export type Metrics = {
  readonly registry: Registry;
  observe(method: string, status: number, seconds: number): void;
  /** A call that said it was a payment notice and was not believed (O3): counted, never stored. */
  noticeNotBelieved(why: 'unknown' | 'refused'): void;
};

/** Figures in Prometheus' form. They name no site and no person. */
export function createMetrics(db: Database): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'souk_http_requests_total',
    help: 'HTTP requests by method and class of status',
    labelNames: ['method', 'status'],
    registers: [registry],
  });
  // As many as there are methods and classes of status: looking one up is cheaper than naming its labels again.
  const counters = new Map<string, Counter.Internal>();
  const duration = new Histogram({
    name: 'souk_http_request_seconds',
    help: 'Time from request to answer',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  });
  const pools = new Gauge({
    name: 'souk_database_waiting',
    help: 'Requests that wait for a database connection',
    labelNames: ['pool'],
    registers: [registry],
    collect: () => {
      pools.set({ pool: 'app' }, db.app.waitingCount);
      pools.set({ pool: 'platform' }, db.platform.waitingCount);
      pools.set({ pool: 'relay' }, db.relay.waitingCount);
    },
  });
  const notices = new Counter({
    name: 'souk_notices_not_believed_total',
    help: 'Calls to the notice addresses with an unknown configuration or a signature that does not hold',
    labelNames: ['why'],
    registers: [registry],
  });
  return {
    registry,
    noticeNotBelieved: (why) => notices.inc({ why }),
    observe: (method, status, seconds) => {
      const name = `${method} ${Math.floor(status / 100)}xx`;
      let counter = counters.get(name);
      if (!counter) {
        counter = requests.labels(method, `${Math.floor(status / 100)}xx`);
        counters.set(name, counter);
      }
      counter.inc();
      duration.observe(seconds);
    },
  };
}

/** Serves `/metrics` on 127.0.0.1 only. */
export async function serveMetrics({ registry }: Metrics, port: number): Promise<{ close(): void }> {
  const server = createServer((req, res) => {
    if (req.url !== '/metrics') return void res.writeHead(404).end();
    void registry.metrics().then((text) => res.writeHead(200, { 'content-type': registry.contentType }).end(text));
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', done);
  });
  return { close: () => server.close() };
}
