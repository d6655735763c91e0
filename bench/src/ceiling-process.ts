import { createServer } from 'node:http';
import { openDatabase } from '@souk/db';
import { findOnSale } from '@souk/db/catalog';
import pg from 'pg';
import { bareCheckout } from './bare-checkout.ts';
import { CEILING_STATEMENTS } from './ceiling-statements.ts';
import { type Effort, measure } from './load.ts';
import { type CeilingOptions, optionsOf, tellMemory } from './processes.ts';

/*
 * The ceiling: what the same question costs without a product around it. node:http, one pool, one prepared select, the
 * answer as JSON. No site, no row-level security, no check of the input, no headers, no log.
 */

const { urls, superuserUrl, site } = optionsOf<CeilingOptions>();
const pool = new pg.Pool({ connectionString: superuserUrl, max: 16 });
pool.on('error', () => undefined);
const database = openDatabase(urls);

const server = createServer((req, res) => {
  const { pathname, searchParams } = new URL(req.url ?? '/', 'http://ceiling');
  const answer = (body: unknown): void => {
    const text = JSON.stringify(body);
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
  };
  const fail = (error: unknown): void => void res.writeHead(500).end(String(error));
  if (pathname === '/constant') return answer({ ok: true });
  // The product's own way to the same row: with its site, on the app role, under row-level security.
  if (pathname === '/site-product')
    return void findOnSale(database, site.siteId, searchParams.get('slug') ?? '').then(answer, fail);
  const statement = CEILING_STATEMENTS[pathname.slice(1) as keyof typeof CEILING_STATEMENTS];
  const values = [site.siteId, ...searchParams.values()];
  pool.query({ name: pathname, text: statement, values }).then(({ rows }) => answer(rows), fail);
});
process.on('message', (asked) => {
  if (typeof asked === 'object' && asked !== null && 'checkouts' in asked)
    void measure(bareCheckout(pool, site))(asked.checkouts as Effort).then((rate) => process.send?.({ rate }));
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  tellMemory(async () => {
    server.closeAllConnections();
    await pool.end();
    await database.close();
  });
  process.send?.({ ready: typeof address === 'object' && address ? address.port : 0 });
});
