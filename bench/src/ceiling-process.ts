import { createServer } from 'node:http';
import pg from 'pg';
import { CEILING_STATEMENTS } from './ceiling-statements.ts';
import { tellMemory } from './processes.ts';

/*
 * The ceiling: what the same question costs without a product around it. node:http, one pool, one prepared select, the
 * answer as JSON. No site, no row-level security, no check of the input, no headers, no log.
 */

const { url, siteId } = JSON.parse(process.argv[2] ?? '') as { url: string; siteId: string };
const pool = new pg.Pool({ connectionString: url, max: 16 });

const server = createServer((req, res) => {
  const { pathname, searchParams } = new URL(req.url ?? '/', 'http://ceiling');
  const answer = (body: unknown): void => {
    const text = JSON.stringify(body);
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
  };
  if (pathname === '/constant') return answer({ ok: true });
  const statement = CEILING_STATEMENTS[pathname.slice(1) as keyof typeof CEILING_STATEMENTS];
  const values = [siteId, ...searchParams.values()];
  pool.query({ name: pathname, text: statement, values }).then(
    ({ rows }) => answer(rows),
    (error: unknown) => res.writeHead(500).end(String(error)),
  );
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  tellMemory(async () => {
    server.closeAllConnections();
    await pool.end();
  });
  process.send?.({ ready: typeof address === 'object' && address ? address.port : 0 });
});
