import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { masterKey, newMasterKey, openDatabase, withSite } from '@souk/db';
import { findPaymentCredential } from '@souk/db/integrations';
import {
  listBackups,
  makeBackup,
  proveBackup,
  pruneBackups,
  readManifest,
  releaseRestored,
  restoreBackup,
} from '@souk/db/backup';
import { inDatabase, openTestDatabase } from '@souk/db/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type TestApi, type TestSite, expectInvariants, ownerRows, placeOrder, startTestApi, until } from '../index.ts';
import { settled } from '../settled.ts';

/* K09: a backup is taken while everything goes on, opens with one key, is proved, and goes back whole or not at all. */

let it: TestApi;
let site: TestSite;
let folder: string;
beforeAll(async () => {
  it = await startTestApi();
  site = await it.makeSite({ handle: 'kept' });
});
afterAll(async () => {
  expect(it.errors()).toEqual([]);
  await it.close();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'souk-backup-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

/** An order that is paid, so that it holds nothing back from the next one. */
const order = async () => {
  const placed = await placeOrder(it, site, [
    { variantId: site.products[0]?.variants[0]?.variantId ?? '', quantity: 1 },
  ]);
  await it.notify(site, { type: 'payment.captured', paymentId: placed.paymentId, amount: placed.total });
};
const take = async (): Promise<string> =>
  (await makeBackup({ ownerUrl: it.db.ownerUrl, key: it.db.key, home: it.home, folder })).name;
const prove = (name: string) => proveBackup({ folder, name, key: it.db.key, ownerUrl: it.db.ownerUrl });
const names = (pattern: string) =>
  inDatabase(it.db.superuserUrl, async (client) =>
    (
      await client.query<{ name: string }>('select datname as name from pg_database where datname like $1', [pattern])
    ).rows.map((r) => r.name),
  );

const databaseOf = (url: string): string => new URL(url).pathname.slice(1);

/** Backups are called by their second. */
const nextSecond = () => new Promise((done) => setTimeout(done, 1_050));

/** A database of its own with the state of the installation, so that a restore has a place to take. */
async function aPlace(): Promise<{ url: string; name: string; drop: () => Promise<unknown> }> {
  const name = `place_${Math.trunc(performance.now() * 1000)}`;
  await inDatabase(it.db.superuserUrl, (client) =>
    client.query(`create database ${name} template template0 owner souk_owner`),
  );
  const url = new URL(it.db.ownerUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    name,
    drop: async () => {
      for (const each of await names(`${name}%`))
        await inDatabase(it.db.superuserUrl, (client) => client.query(`drop database "${each}" with (force)`));
    },
  };
}
const restore = (url: string, name: string, home: string, asStaging?: { installationId: string }) =>
  restoreBackup({
    folder,
    name,
    key: it.db.key,
    home,
    ownerUrl: url,
    known: it.db.urls,
    passwords: false,
    ...(asStaging ? { asStaging } : {}),
  });
/** Every table of a database with its number of rows and a hash over all of them, but for what a restore settles. */
const contents = (url: string) =>
  inDatabase(url, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relpersistence = 'p' order by 1",
    );
    const seen: Record<string, unknown> = {};
    for (const { name } of tables)
      if (!['applied_migrations', 'installations', 'admin_sessions', 'outbox_events'].includes(name))
        seen[name] = (
          await client.query(
            `select count(*)::int as n, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as hash from "${name}" t`,
          )
        ).rows[0];
    return seen;
  });

describe('K09 · a backup', () => {
  test('K09 · taken while orders come in is one moment, proved, and brings back every row and file', async () => {
    mkdirSync(join(it.home, 'uploads'), { recursive: true });
    writeFileSync(join(it.home, 'uploads', 'kept.txt'), 'a file of the shop');
    let isOver = false;
    const buyers = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (!isOver) await order();
      }),
    );
    await order();
    const busy = await take();
    isOver = true;
    await buyers;
    // Every key, check and invariant holds in what was read while they bought.
    await prove(busy);
    await settled(it.db);
    await it.signedInAs(site, 'viewer');
    const quiet = await take();
    const place = await aPlace();
    const home = join(folder, 'home');
    try {
      const { files } = await restore(place.url, quiet, home);
      expect(files).toBeGreaterThan(0);
      expect(readFileSync(join(home, 'uploads', 'kept.txt'), 'utf8')).toBe('a file of the shop');
      expect(await contents(place.url)).toEqual(await contents(it.db.ownerUrl));
      const sessions = await inDatabase(place.url, (client) =>
        client.query('select 1 from admin_sessions where revoked_at is null'),
      );
      expect(sessions.rowCount).toBe(0);
      // What was there before stands beside it.
      expect((await names(`${place.name}_before_%`)).length).toBe(1);
    } finally {
      await place.drop();
    }
    await expectInvariants(it.db);
  }, 120_000);

  test('K09 · holds nobody’s name, and opens with no other key', async () => {
    await order();
    const name = await take();
    const [buyer] = await ownerRows<{ email: string }>(it.db, 'select customer_email as email from orders limit 1');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((f) => f.isFile());
    expect(files.length).toBeGreaterThan(40);
    for (const file of files) {
      const path = join(file.parentPath, file.name);
      expect(readFileSync(path).includes(buyer?.email ?? '@')).toBe(false);
      expect(statSync(path).mode & 0o077).toBe(0);
    }
    const other = masterKey(newMasterKey());
    if (!other) throw new Error('a new key is a key');
    await expect(readManifest(join(folder, name), other)).rejects.toThrow('made with another key');
  });

  test.each([
    ['a byte of a table', (at: string) => appendFileSync(join(at, 'orders.copy.zst.age'), 'x'), 'orders'],
    ['a table', (at: string) => rmSync(join(at, 'orders.copy.zst.age')), 'orders'],
    [
      'a table by another of the same key',
      (at: string) =>
        writeFileSync(
          join(at, 'order_state_transition_logs.copy.zst.age'),
          readFileSync(join(at, 'order_counters.copy.zst.age')),
        ),
      'order_state_transition_logs',
    ],
    [
      'the manifest',
      (at: string) => {
        const file = join(at, 'manifest.json');
        writeFileSync(file, readFileSync(file, 'utf8').replace('\\"rows\\":1', '\\"rows\\":2'));
      },
      'manifest',
    ],
  ])('K09 · with %s changed is refused, and nothing is changed by it', async (_what, change, words) => {
    await order();
    const name = await take();
    change(join(folder, name));
    const place = await aPlace();
    try {
      await expect(restore(place.url, name, join(folder, 'home'))).rejects.toThrow(words);
      expect(await names(`${place.name}%`)).toEqual([place.name]);
      expect(existsSync(join(folder, name, 'proved.json'))).toBe(false);
    } finally {
      await place.drop();
    }
  });

  test.each([
    ['a table', 'outbox_events.copy.zst.age', 'outbox_events'],
    ['the list of files', 'files.list.zst.age', 'list of files'],
  ])('K09 · with %s by another of the same form is refused', async (_what, file, words) => {
    await order();
    const older = await take();
    await order();
    mkdirSync(join(it.home, 'uploads'), { recursive: true });
    writeFileSync(join(it.home, 'uploads', `${Math.trunc(performance.now())}.txt`), 'one more');
    await nextSecond();
    const newer = await take();
    cpSync(join(folder, older, file), join(folder, newer, file));
    await expect(prove(newer)).rejects.toThrow(words);
    expect(existsSync(join(folder, newer, 'proved.json'))).toBe(false);
    expect(await names(`${databaseOf(it.db.ownerUrl)}_proof%`)).toEqual([]);
  });

  test('K09 · that is cut off is none, and the next one is whole', async () => {
    const cut = take().catch((error: unknown) => String(error));
    await inDatabase(it.db.superuserUrl, async (client) => {
      for (let tries = 0; tries < 400; tries += 1) {
        const { rowCount } = await client.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where query like 'copy %to stdout' and datname = $1",
          [databaseOf(it.db.ownerUrl)],
        );
        if (rowCount) break;
        await new Promise((done) => setImmediate(done));
      }
    });
    const outcome = await cut;
    if (/^\d{4}/.test(outcome)) return expect.fail('it was too fast to be cut');
    expect(await listBackups(folder)).toEqual([]);
    await prove(await take());
    expect((await listBackups(folder)).map((one) => one.provedAt !== undefined)).toEqual([true]);
  });

  test('K09 · of before an erasure does not bring back what was erased', async () => {
    await order();
    const before = await take();
    const [person] = await ownerRows<{ person_id: string }>(it.db, 'select person_id from person_keys limit 1');
    const id = person?.person_id ?? expect.fail('nobody has a key');
    const kept = await ownerRows<{ row: string }>(
      it.db,
      'select p::text as row from person_keys p where person_id = $1',
      [id],
    );
    expect(kept.length).toBeGreaterThan(0);
    await nextSecond();
    await ownerRows(it.db, 'create table kept_keys as select * from person_keys where person_id = $1', [id]);
    await ownerRows(it.db, 'delete from person_keys where person_id = $1', [id]);
    const place = await aPlace();
    try {
      await take();
      await restore(place.url, before, join(folder, 'home'));
      const back = await inDatabase(place.url, (client) =>
        client.query('select 1 from person_keys where person_id = $1', [id]),
      );
      expect(back.rowCount).toBe(0);
    } finally {
      await place.drop();
      await ownerRows(it.db, 'insert into person_keys select * from kept_keys');
      await ownerRows(it.db, 'drop table kept_keys');
    }
  });

  test('K09 · restored as a copy has another id, takes no live payments, and leaves what waited undone', async () => {
    await order();
    await settled(it.db);
    const live = await it.makeSite({ handle: 'takes-money' });
    await ownerRows(it.db, "update payment_configurations set mode = 'live' where site_id = $1", [live.siteId]);
    const name = await take();
    const place = await aPlace();
    const installationId = '01930000-0000-7000-8000-00000000c0b1';
    try {
      await restore(place.url, name, join(folder, 'home'), { installationId });
      const seen = await inDatabase(place.url, async (client) => ({
        installation: (await client.query('select installation_id, is_copy from installations')).rows,
        live: (await client.query("select 1 from payment_configurations where mode = 'live' and is_enabled")).rowCount,
        waiting: (await client.query('select 1 from outbox_events where relayed_at is null')).rowCount,
      }));
      expect(seen).toEqual({ installation: [{ installation_id: installationId, is_copy: true }], live: 0, waiting: 0 });
    } finally {
      await place.drop();
    }
  });

  test('the oldest go, the newest that was proved stays', async () => {
    for (const name of ['2026-01-01T00-00-00Z', '2026-01-02T00-00-00Z', '2026-01-03T00-00-00Z']) {
      await take();
      const [newest] = await listBackups(folder);
      // Two in one second have one name: they are told apart by renaming here.
      const from = join(folder, newest?.name ?? '');
      cpSync(from, join(folder, name), { recursive: true });
      rmSync(from, { recursive: true });
    }
    writeFileSync(join(folder, '2026-01-01T00-00-00Z', 'proved.json'), '{"provedAt":"2026-01-01T00:00:00Z"}');
    expect((await listBackups(folder)).length).toBe(3);
    expect(await pruneBackups(folder, 1)).toHaveLength(1);
    expect((await listBackups(folder)).some((one) => one.provedAt)).toBe(true);
  });
});

test('K09 · a file that was sealed while it was being written is sealed again, and one that is lost costs no order', async () => {
  const uploads = join(it.home, 'uploads');
  mkdirSync(uploads, { recursive: true });
  writeFileSync(join(uploads, 'slow.csv'), 'half');
  await take();
  writeFileSync(join(uploads, 'slow.csv'), 'half and the rest');
  writeFileSync(join(uploads, 'lost.webp'), 'a picture');
  await nextSecond();
  const name = await take();
  await prove(name);
  rmSync(join(folder, 'files', 'lost.webp.zst.age'));
  await expect(prove(name)).rejects.toThrow('lost.webp');
  const place = await aPlace();
  const home = join(folder, 'home');
  try {
    await restore(place.url, name, home);
    expect(readFileSync(join(home, 'uploads', 'slow.csv'), 'utf8')).toBe('half and the rest');
    expect(existsSync(join(home, 'uploads', 'lost.webp'))).toBe(false);
  } finally {
    await place.drop();
  }
});

test('K09 · what was restored is whole, secrets too, and quiet until it is released', async () => {
  await order();
  await settled(it.db);
  const [buyer] = await ownerRows<{ order_id: string; email: string }>(
    it.db,
    'select order_id, customer_email as email from orders order by order_id desc limit 1',
  );
  const name = await take();
  const place = await aPlace();
  await restore(place.url, name, join(folder, 'home'));
  const at = (url: string): string => url.replace(`/${databaseOf(it.db.ownerUrl)}`, `/${place.name}`);
  const urls = { app: at(it.db.urls.app), platform: at(it.db.urls.platform), relay: at(it.db.urls.relay) };
  const db = {
    ...it.db,
    urls,
    database: openDatabase(urls, { poolSize: 2 }),
    ownerUrl: place.url,
    superuserUrl: at(it.db.superuserUrl),
  };
  const restored = await startTestApi({ db });
  try {
    // A credential opens, and so does a buyer's name.
    await withSite(db.database, site.siteId, async (tx) => {
      const found = await findPaymentCredential(tx, db.key, site.configId);
      expect(found?.credential).toEqual(site.credential);
    });
    const owner = await restored.signedInAs(site, 'owner');
    const seen = await owner.query('orders.get', { orderId: buyer?.order_id });
    expect(seen.text).toContain(buyer?.email);
    const invited = async (email: string): Promise<void> => {
      const { roles } = (await owner.query('roles.list')).value as { roles: { roleId: string }[] };
      const answer = await owner.mutate('team.invite', { email, roleId: roles.at(-1)?.roleId });
      expect(answer.status).toBe(200);
    };
    const mailbox = join(restored.home, 'mail');
    await invited('quiet@example.org');
    await new Promise((done) => setTimeout(done, 2_500));
    expect(existsSync(mailbox)).toBe(false);
    expect(await releaseRestored(place.url)).toBe(true);
    // What was sent before is made again first, and noticed.
    await until('the mail goes out', () => existsSync(mailbox) && readdirSync(mailbox).length > 0, 45);
    expect(restored.errors()).toEqual([]);
  } finally {
    await restored.close();
    await db.database.close();
    await place.drop();
  }
}, 90_000);

test('K09 · a copy writes its mails into its own mailbox whatever mail server is set, and keeps search engines away', async () => {
  const db = await openTestDatabase();
  await ownerRows(db, 'update installations set is_copy = true');
  // Nobody listens there: what was sent would be an error.
  const copy = await startTestApi({ db, environment: { smtpUrl: 'smtp://127.0.0.1:1' } });
  try {
    const shop = await copy.makeSite({ handle: 'copied' });
    const owner = await copy.signedInAs(shop, 'owner');
    expect((await owner.query('site.get')).value).toMatchObject({ isCopy: true });
    expect((await copy.visitor(shop).get('/')).headers['x-robots-tag']).toBe('noindex, nofollow');
    const roles = (await owner.query('roles.list')).value as { roles: { roleId: string }[] };
    await owner.mutate('team.invite', { email: 'real@example.org', roleId: roles.roles.at(-1)?.roleId });
    const mailbox = join(copy.home, 'mail');
    await until('the mail is in the mailbox', () => existsSync(mailbox) && readdirSync(mailbox).length > 0);
    expect(copy.errors()).toEqual([]);
  } finally {
    await copy.close();
    await db.close();
  }
  const shop = await it.visitor(site).get('/');
  expect(shop.headers['x-robots-tag']).toBeUndefined();
});
