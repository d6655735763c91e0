import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminCookie, hashToken, newToken } from '@souk/api/identity/session';
import { withSite } from '@souk/db';
import { addMember, insertSession } from '@souk/db/identity';
import { type TestDatabase, inDatabase, openTestDatabase } from '@souk/db/testing';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type HttpClient,
  type TestSite,
  aSite,
  anAccount,
  expectInvariants,
  httpClient,
  ownerRows,
  until,
} from '../index.ts';
import { counts, csvOf, look, settled, start, upload } from './product-import-steps.ts';

/*
 * An import in a process of its own: how much memory it takes, and what is left when it is killed.
 * `SOUK_IMPORT_ROWS=100000 npm test -- product-import-process` tries a hundred thousand rows; with `SOUK_IMPORT_FIGURES=1` it
 * says how long each step took and how much memory it was.
 */

const ROWS = Number(process.env.SOUK_IMPORT_ROWS ?? 20_000);
const MB = 1_000_000;
/** The heap is bounded as `npm start` bounds it. */
const HEAP_FLAGS = new Set(
  readFileSync(join(import.meta.dirname, '..', '..', '..', '..', 'scripts', 'start.mjs'), 'utf8').match(
    /--max-[a-z-]+-space-size=\d+/g,
  ),
);

let db: TestDatabase;
let home: string;
let site: TestSite;
let token: string;
beforeAll(async () => {
  db = await openTestDatabase({ poolSize: 4 });
  home = mkdtempSync(join(tmpdir(), 'souk-import-'));
  site = await aSite(db.database, db.key, { handle: 'import-process', products: [] });
  const { adminId } = await anAccount(db.database, 'importer');
  await withSite(db.database, site.siteId, (tx) => addMember(tx, { membershipId: v7(), adminId, roleName: 'owner' }));
  token = newToken();
  const at = new Date();
  await insertSession(db.database, {
    sessionId: v7(),
    adminId,
    tokenHash: hashToken(token),
    at,
    expiresAt: new Date(at.getTime() + 3_600_000),
    actionId: v7(),
    requestId: 'test',
  });
});
afterAll(async () => {
  await expectInvariants(db);
  await db.close();
  rmSync(home, { recursive: true, force: true });
});

type ApiProcess = {
  readonly child: ChildProcess;
  readonly admin: HttpClient;
  rss(): Promise<number>;
  kill(): Promise<void>;
};

async function startProcess(): Promise<ApiProcess> {
  const options = { urls: db.urls, home, port: await freePort(), key: Buffer.from(db.key).toString('base64') };
  const child = fork(join(import.meta.dirname, '..', 'api-process.ts'), [JSON.stringify(options)], {
    execArgv: [...HEAP_FLAGS],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [ready] = (await once(child, 'message')) as [{ port: number }];
  const admin = httpClient(ready.port, 'admin.localhost', { headers: { 'x-souk-site': site.handle } });
  admin.cookies.set(adminCookie('development'), token);
  return {
    child,
    admin,
    rss: async () => {
      const answer = once(child, 'message');
      child.send('memory');
      return ((await answer) as [{ rss: number }])[0].rss;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise<void>((done) => server.close(() => done()));
  if (typeof address !== 'object' || !address) throw new Error('no free port');
  return address.port;
}

/** A file as shops have them: three variants a product, a description, a picture's address, tags. */
const bigFile = (rows: number, name = 'big'): string =>
  csvOf(
    Array.from({ length: rows }, (_, i) => {
      const [product, variant] = [Math.floor(i / 3), i % 3];
      const first = variant === 0;
      return {
        Handle: `${name}-${product}`,
        Title: first ? `Product number ${product}` : '',
        'Body (HTML)': first ? `<p>${'Made with care in a small workshop. '.repeat(12)}</p>` : '',
        Vendor: first ? 'Workshop' : '',
        Tags: first ? 'home' : '',
        'Option1 Name': first ? 'Size' : '',
        'Option1 Value': 'SML'[variant] ?? '',
        'Variant SKU': `${name}-${product}-${variant}`,
        'Variant Inventory Qty': 5,
        'Variant Price': '19.90',
      };
    }),
  );

const productsOf = async (name: string): Promise<number> =>
  (
    await ownerRows<{ n: number }>(
      db,
      "select count(*)::int as n from slugs where site_id = $1 and slug like $2 || '-%'",
      [site.siteId, name],
    )
  )[0]?.n ?? -1;

/** Watches the memory of a process while work goes on; says how far it rose above where it began, and how long it took. */
async function watched(api: ApiProcess, work: () => Promise<unknown>): Promise<{ above: number; seconds: number }> {
  const idle = await api.rss();
  let highest = idle;
  const startedAt = performance.now();
  let done = false;
  const ended = work().finally(() => (done = true));
  while (!done) {
    highest = Math.max(highest, await api.rss());
    await new Promise((wake) => setTimeout(wake, 50));
  }
  await ended;
  return { above: highest - idle, seconds: (performance.now() - startedAt) / 1000 };
}

test(
  `${ROWS.toLocaleString('en')} rows are looked at and written in flat memory: less than 200 MB above idle`,
  { timeout: 600_000 },
  async () => {
    const running = await startProcess();
    try {
      const { admin } = running;
      await admin.query('imports.list');
      const file = bigFile(ROWS);
      let importId = '';
      const checked = await watched(running, async () => {
        importId = await upload(admin, site, file);
        expect(await settled(admin, importId, 300)).toMatchObject({
          status: 'ready',
          summary: { rows: ROWS, errors: 0 },
        });
      });
      const written = await watched(running, async () => {
        await start(admin, importId);
        expect((await settled(admin, importId, 300)).status).toBe('applied');
      });
      const products = Math.ceil(ROWS / 3);
      expect(await productsOf('big')).toBe(products);
      const again = await watched(running, async () => {
        const second = await upload(admin, site, file);
        expect(await settled(admin, second, 300)).toMatchObject({
          summary: { sameProducts: products, newProducts: 0, changedProducts: 0 },
        });
      });
      const said = (name: string, { above, seconds }: { above: number; seconds: number }): string =>
        `${name} ${seconds.toFixed(1)} s, ${Math.round(ROWS / seconds)} rows/s, ${Math.round(products / seconds)} products/s, ${Math.round(above / MB)} MB above idle`;
      expect
        .soft(
          [checked, written, again].map(({ above }) => above < 200 * MB),
          [said('look', checked), said('write', written), said('look again', again)].join(' · '),
        )
        .toEqual([true, true, true]);
      if (process.env.SOUK_IMPORT_FIGURES)
        process.stderr.write(`${said('look', checked)}\n${said('write', written)}\n${said('look again', again)}\n`);
    } finally {
      await running.kill();
    }
  },
);

test(
  'K01 · a process killed while it writes leaves nothing; the next one finishes the import',
  { timeout: 60_000 },
  async () => {
    const first = await startProcess();
    let second: ApiProcess | undefined;
    try {
      const before = await counts({ db }, site);
      const importId = await upload(first.admin, site, bigFile(6_000, 'killed'));
      expect((await settled(first.admin, importId)).status).toBe('ready');
      await start(first.admin, importId);
      await until('some of it is written', async () => {
        const seen = await look(first.admin, importId);
        return seen.status === 'applying' && seen.progressDone > 0;
      });
      await first.kill();
      // A transaction that nobody holds any more is rolled back by the database: of the half, nothing is there.
      await until(
        'the database has seen it',
        async () =>
          (
            await ownerRows(
              db,
              "select 1 from pg_stat_activity where datname = current_database() and usename = 'souk_app' and state = 'idle in transaction'",
            )
          ).length === 0,
      );
      expect(await counts({ db }, site)).toEqual(before);
      expect(await ownerRows(db, 'select status from product_imports where import_id = $1', [importId])).toEqual([
        { status: 'applying' },
      ]);
      // The job of a process that is gone is given away again when its heartbeat is overdue: half a minute is over at once here.
      await inDatabase(db.superuserUrl, (client) =>
        client.query(
          "update jobs.job set heartbeat_on = heartbeat_on - interval '1 minute' where name = 'imports' and state = 'active'",
        ),
      );
      second = await startProcess();
      expect((await settled(second.admin, importId, 40)).status).toBe('applied');
      expect(await productsOf('killed')).toBe(2_000);
      expect((await counts({ db }, site)).movements).toBe(before.movements + 6_000);
    } finally {
      if (first.child.exitCode === null && first.child.signalCode === null) await first.kill();
      await second?.kill();
    }
  },
);
