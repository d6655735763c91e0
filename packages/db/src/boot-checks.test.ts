import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bootChecks } from './boot-checks.ts';
import type { DatabaseUrls } from './orm.ts';
import { masterKey, newMasterKey } from './sealing.ts';
import { databaseUrl, inDatabase, openTestDatabase, type TestDatabase } from './testing/index.ts';

/* D08: what must not be served with is refused at boot, by a code and in words that say how to mend it. */

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const codes = async (change: Partial<DatabaseUrls> = {}, key = db.key): Promise<string[]> =>
  (await bootChecks({ ...db.urls, ...change }, key)).map((f) => f.code);
const asSuperuser = (text: string) => inDatabase(db.superuserUrl, (client) => client.query(text));

/** Runs the check between a change and its undoing. */
async function during(change: string, undo: string, urls: Partial<DatabaseUrls> = {}): Promise<string[]> {
  await asSuperuser(change);
  try {
    return await codes(urls);
  } finally {
    await asSuperuser(undo);
  }
}

test('D08 · the roles and settings that migrating makes are accepted', async () => {
  expect(await codes()).toEqual([]);
});

describe('D08 · refused at boot', () => {
  test.each(['app', 'platform', 'relay'] as const)('D08 · a superuser as %s', async (role) => {
    expect(await codes({ [role]: db.superuserUrl })).toContain('role_is_superuser');
  });
  test.each(['app', 'platform', 'relay'] as const)('D08 · the owner as %s', async (role) => {
    expect(await codes({ [role]: db.ownerUrl })).toContain('role_owns_tables');
  });

  // Changes of roles are the whole server's, so these have roles of their own.
  const own = (): Partial<DatabaseUrls> => {
    const url = new URL(db.superuserUrl);
    return { app: databaseUrl(db.superuserUrl, url.pathname.slice(1), 'boot_check') };
  };
  const withRole = (attributes: string, also = ''): Promise<string[]> =>
    during(
      `create role boot_check login ${attributes}; ${also}`,
      'drop owned by boot_check; drop role boot_check',
      own(),
    );

  test('D08 · a plain role is none of these', async () => expect(await withRole('')).toEqual([]));
  test('D08 · a role that bypasses row security', async () =>
    expect(await withRole('bypassrls')).toEqual(['role_bypasses_row_security']));
  test('D08 · a role that is a member of another', async () =>
    expect(await withRole('in role souk_relay')).toContain('role_has_membership'));
  test('D08 · a role that owns a table', async () =>
    expect(await withRole('', 'create table mine (x int); alter table mine owner to boot_check')).toEqual([
      'role_owns_tables',
    ]));
  test('D08 · a role that may create in the schema', async () =>
    expect(await withRole('', 'grant create on schema public to boot_check')).toEqual(['role_may_create']));
  test('D08 · a role that may make temporary tables', async () => {
    const { pathname } = new URL(db.superuserUrl);
    expect(await withRole('', `grant temporary on database ${pathname.slice(1)} to boot_check`)).toEqual([
      'role_may_make_temporary_tables',
    ]);
  });
  test('D08 · synchronous_commit off for the role', async () =>
    expect(await withRole('', 'alter role boot_check set synchronous_commit = off')).toEqual(['unsafe_setting']));
  test('D08 · synchronous_commit off for the database', async () => {
    const name = new URL(db.superuserUrl).pathname.slice(1);
    expect(
      await during(
        `alter database ${name} set synchronous_commit = off`,
        `alter database ${name} reset synchronous_commit`,
      ),
    ).toContain('unsafe_setting');
  });

  test('D08 · a migration that has not run', async () => {
    await asSuperuser('create table kept_apart as table applied_migrations; delete from applied_migrations');
    expect(await codes()).toEqual(['migrations_pending']);
    await asSuperuser('insert into applied_migrations table kept_apart; drop table kept_apart');
    expect(await codes()).toEqual([]);
  });

  test('D08 · an empty database', async () => {
    const name = `empty_${process.pid}`;
    const at = (user: string): string => databaseUrl(db.superuserUrl, name, user);
    await asSuperuser(`create database ${name}`);
    try {
      expect(await codes({ app: at('souk_app'), platform: at('souk_platform'), relay: at('souk_relay') })).toContain(
        'migrations_pending',
      );
    } finally {
      await asSuperuser(`drop database ${name} with (force)`);
    }
  });

  test('D08 K08 · another key than the database was made with', async () => {
    const other = masterKey(newMasterKey());
    if (!other) throw new Error('a new key is always a key');
    expect(await codes({}, other)).toEqual(['key_mismatch']);
  });

  test('D08 K08 · a text that is no key is none', () => {
    for (const text of [
      undefined,
      '',
      'secret',
      'A'.repeat(43),
      Buffer.alloc(31).toString('base64'),
      Buffer.alloc(33).toString('base64'),
    ])
      expect(masterKey(text) === undefined).toBe(Buffer.from(text ?? '', 'base64').length !== 32);
  });

  test('D08 · each refusal says how to mend it, and names no password', async () => {
    const findings = await bootChecks({ ...db.urls, app: db.superuserUrl, relay: db.ownerUrl }, db.key);
    expect(findings.length).toBeGreaterThan(1);
    for (const { message } of findings) {
      expect(message).toMatch(/Use|Run|Turn|Set/);
      expect(message).not.toContain('postgres://');
    }
  });
});
