import { PLATFORM_STATEMENTS } from '@souk/db/identity';
import { APPEND_ONLY, FOLLOWED_ROWS, PLATFORM_TABLES, ROLES, VERSION_ROWS } from '@souk/db/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestApi, type TestSite, expectInvariants, ownerRows, startTestApi, twoSiteScene } from '../index.ts';

/*
 * D01–D06 · raw SQL as the application role over every table there is. The list is read from the catalogue, so a table
 * that is added tomorrow is attacked tomorrow. Each kind of guard is seen missing once, on tables of this test's own.
 */

type Column = { name: string; type: string; generated: boolean; selectable: boolean; updatable: boolean };
type Table = {
  name: string;
  site: boolean;
  columns: Column[];
  canUpdate: boolean;
  canInsert: boolean;
  canDelete: boolean;
};
type Row = Record<string, unknown>;

let it: TestApi;
let a: TestSite;
let b: TestSite;
let app: pg.Client;
let owner: pg.Client;
const tables: Table[] = [];
const site = (): Table[] => tables.filter((t) => t.site);

const clientOf = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
};

beforeAll(async () => {
  it = await startTestApi();
  ({ a, b } = await twoSiteScene(it));
  [app, owner] = [await clientOf(it.db.urls.app), await clientOf(it.db.ownerUrl)];
  const { rows } = await owner.query<Table>(
    `select c.relname as name, exists (select 1 from pg_attribute s where s.attrelid = c.oid and s.attname = 'site_id') and c.relname <> all ($1) as site,
      has_table_privilege($2, c.oid, 'insert') as "canInsert", has_table_privilege($2, c.oid, 'delete') as "canDelete", has_any_column_privilege($2, c.oid, 'update') as "canUpdate",
      (select jsonb_agg(jsonb_build_object('name', k.attname, 'type', format_type(k.atttypid, k.atttypmod), 'generated', k.attgenerated <> '',
          'selectable', has_column_privilege($2, c.oid, k.attnum, 'select'), 'updatable', has_column_privilege($2, c.oid, k.attnum, 'update')) order by k.attnum)
        from pg_attribute k where k.attrelid = c.oid and k.attnum > 0 and not k.attisdropped) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind in ('r', 'p') order by c.relname`,
    [[...PLATFORM_TABLES], ROLES.app],
  );
  tables.push(...rows);
});
afterAll(async () => {
  await app.end();
  await owner.end();
  await it.close();
});

/** How a statement ended: its rows and count, or the SQLSTATE and words of its refusal. */
type Ended = {
  readonly rows: Row[];
  readonly count: number;
  readonly code?: string;
  readonly words?: string;
  readonly constraint?: string | undefined;
};

async function attempt(client: pg.Client, text: string, values: readonly unknown[] = []): Promise<Ended> {
  await client.query('savepoint attempt');
  try {
    const { rows, rowCount } = await client.query<Row>(text, [...values]);
    return { rows, count: rowCount ?? 0 };
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    return {
      rows: [],
      count: 0,
      code: error.code ?? '',
      words: [error.message, error.detail, error.hint].join(' '),
      constraint: error.constraint,
    };
  } finally {
    await client.query('rollback to savepoint attempt');
  }
}

/** Tries statements in one transaction with this setting of the site; all of it is rolled back. */
async function inSite<Value>(
  client: pg.Client,
  setting: string | undefined,
  work: () => Promise<Value>,
): Promise<Value> {
  await client.query('begin');
  try {
    if (setting !== undefined) await client.query("select set_config('app.site_id', $1, true)", [setting]);
    return await work();
  } finally {
    await client.query('rollback');
  }
}

const quoted = (name: string): string => `"${name}"`;
const written = (table: Table): Column[] => table.columns.filter((c) => !c.generated);

/** One row of a site as the owner reads it, in the form `insertOf` takes. */
async function rowOf(table: Table, of: TestSite, where = 'true'): Promise<Row> {
  const { rows } = await owner.query<{ row: Row }>(
    `select to_jsonb(t) as row from ${quoted(table.name)} t where site_id = $1 and ${where} limit 1`,
    [of.siteId],
  );
  if (!rows[0]) throw new Error(`${of.handle} has no row in ${table.name} where ${where}`);
  return rows[0].row;
}

/** An insert of one row, given as JSON in $1. */
const insertOf = (table: Table, into = table.name): string => {
  const names = written(table)
    .map((c) => quoted(c.name))
    .join(', ');
  return `insert into ${quoted(into)} (${names}) select ${names} from jsonb_populate_record(null::${quoted(table.name)}, $1::jsonb)`;
};

const DENIED = '42501';
const selfUpdate = (table: Table): string | undefined => {
  const column = table.columns.find((c) => c.updatable && c.selectable);
  return column && `update ${quoted(table.name)} set ${quoted(column.name)} = ${quoted(column.name)}`;
};

test('D01 · the scene has rows of both sites in every site table', async () => {
  expect(site().length).toBeGreaterThan(40);
  for (const table of site()) {
    const { rows } = await owner.query<{ site_id: string }>(`select distinct site_id from ${quoted(table.name)}`);
    expect([table.name, rows.map((r) => r.site_id).filter((s) => s === a.siteId || s === b.siteId).length]).toEqual([
      table.name,
      2,
    ]);
  }
  await expectInvariants(it.db);
});

const settings: [string, string | undefined][] = [
  ['no site', undefined],
  ['an empty site', ''],
  ['blanks', '   '],
  ['garbage', 'x'],
  ['a list of sites', '{}'],
  ['a site that does not exist', '01930000-0000-7000-8000-0000000000aa'],
];

describe.each(settings)('D01 · with %s set', (_what, setting) => {
  // A setting that is no UUID makes every statement fail: that too is no row and no write.
  const refusing = [DENIED, '22P02'];

  test('D01 · no row of any site table is read', async () => {
    await inSite(app, setting, async () => {
      for (const table of site()) {
        const { rows, code } = await attempt(app, `select site_id from ${quoted(table.name)}`);
        expect([table.name, rows]).toEqual([table.name, []]);
        if (code) expect(refusing).toContain(code);
      }
    });
  });

  test('D01 · no row of any site table is written, changed or deleted', async () => {
    await inSite(app, setting, async () => {
      for (const table of site()) {
        const inserted = await attempt(app, insertOf(table), [JSON.stringify(await rowOf(table, a))]);
        expect([table.name, refusing.includes(inserted.code ?? '')]).toEqual([table.name, true]);
        for (const text of [selfUpdate(table), `delete from ${quoted(table.name)}`]) {
          if (!text) continue;
          const { count, code } = await attempt(app, text);
          expect([text, count]).toEqual([text, 0]);
          if (code) expect(refusing).toContain(code);
        }
        expect((await attempt(app, `truncate ${quoted(table.name)} cascade`)).code).toBe(DENIED);
      }
    });
  });
});

describe('D01 D02 · with site A set, nothing of B', () => {
  const others = async (text: string): Promise<void> => {
    const { rows, words = '' } = await attempt(app, text);
    expect([text, rows.filter((r) => r.site_id !== a.siteId)]).toEqual([text, []]);
    expect(words).not.toContain(b.handle);
    expect(words).not.toContain(b.siteId);
  };

  test('D02 · select, in every shape', async () => {
    await inSite(app, a.siteId, async () => {
      for (const { name } of site()) {
        const t = quoted(name);
        const own = await attempt(app, `select distinct site_id from ${t}`);
        expect([name, own.rows]).toEqual([name, [{ site_id: a.siteId }]]);
        for (const text of [
          `select site_id from ${t} where site_id = '${b.siteId}' or true`,
          `select site_id from ${t} where site_id <> current_site_id()`,
          `with all_of as materialized (select * from ${t}) select site_id from all_of`,
          `select site_id from ${t} union all select site_id from ${t}`,
          `select x.site_id from ${t} t join ${t} x on true`,
          `select (select max(x.site_id::text) from ${t} x where x.site_id <> t.site_id)::uuid as site_id, 1 from ${t} t where exists (select 1 from ${t} x where x.site_id <> t.site_id)`,
          `select site_id from ${t} tablesample system (100)`,
          `select distinct on (site_id) site_id from only ${t} order by site_id`,
          `select site_id from ${t} for share`,
          `select site_id from ${t} for update`,
          `select site_id from ${t} for key share skip locked`,
          `select site_id from (table ${t}) x`,
        ])
          await others(text);
      }
    });
  });

  test('D02 · copy, cursors and prepared plans', async () => {
    await inSite(app, a.siteId, async () => {
      for (const { name, columns } of site()) {
        const t = quoted(name);
        // COPY goes the same way as a select; what it gave would be counted here.
        const readable = columns
          .filter((c) => c.selectable)
          .map((c) => quoted(c.name))
          .join(', ');
        const copied = await attempt(app, `copy ${t} (${readable}) to '/tmp/souk-copied'`);
        expect([name, copied.code]).toEqual([name, DENIED]);
        expect([name, (await attempt(app, `copy ${t} to program 'cat'`)).code]).toEqual([name, DENIED]);
        expect(['0A000', DENIED]).toContain((await attempt(app, `copy ${t} (${readable}) from '/dev/null'`)).code);
        await app.query('savepoint cursors');
        await app.query(`declare held no scroll cursor for select site_id from ${t}`);
        expect([
          name,
          (await app.query<Row>('fetch all from held')).rows.filter((r) => r.site_id !== a.siteId),
        ]).toEqual([name, []]);
        await app.query('rollback to savepoint cursors');
      }
    });
  });

  test('D02 · a plan prepared for one site and used for another shows the other’s rows, all of them and only them', async () => {
    const counted = async (name: string, of: TestSite): Promise<number> =>
      (
        await ownerRows<{ n: number }>(it.db, `select count(*)::int as n from ${quoted(name)} where site_id = $1`, [
          of.siteId,
        ])
      )[0]?.n ?? -1;
    for (const { name } of site()) {
      await app.query(`prepare reused as select site_id from ${quoted(name)}`);
      // Six times: from the sixth on the server may keep one plan for all.
      for (const shop of [a, a, a, a, a, a, b, a, b]) {
        const rows = await inSite(app, shop.siteId, async () => (await app.query<Row>('execute reused')).rows);
        expect([name, rows.length, rows.every((r) => r.site_id === shop.siteId)]).toEqual([
          name,
          await counted(name, shop),
          true,
        ]);
      }
      expect([name, await inSite(app, undefined, async () => (await app.query('execute reused')).rows)]).toEqual([
        name,
        [],
      ]);
      await app.query('deallocate reused');
    }
  });

  test('D02 · a cursor kept over the commit holds what its own site could see, and one opened without a site stays empty', async () => {
    for (const { name } of site()) {
      await app.query('begin');
      await app.query("select set_config('app.site_id', $1, true)", [a.siteId]);
      await app.query(`declare kept cursor with hold for select site_id from ${quoted(name)}`);
      await app.query('commit');
      const after = await inSite(app, b.siteId, async () => (await app.query<Row>('fetch all from kept')).rows);
      expect([name, after.every((r) => r.site_id === a.siteId)]).toEqual([name, true]);
      await app.query('close kept');
      await app.query(`begin; declare kept cursor with hold for select site_id from ${quoted(name)}; commit`);
      expect([name, await inSite(app, b.siteId, async () => (await app.query('fetch all from kept')).rows)]).toEqual([
        name,
        [],
      ]);
      await app.query('close kept');
    }
  });

  test('D02 · insert into B, alone, by CTE, with returning, on conflict', async () => {
    await inSite(app, a.siteId, async () => {
      for (const table of site()) {
        const row = await rowOf(table, b);
        const insert = insertOf(table);
        for (const text of [
          insert,
          `${insert} returning site_id`,
          `${insert} on conflict do nothing`,
          `with x as (${insert} returning site_id) select * from x`,
          ...(selfUpdate(table)
            ? [
                `${insert} on conflict (${await keyOf(table)}) do ${selfUpdate(table)
                  ?.replace(/^update "\w+" /, 'update ')
                  .replace(/= "/, `= ${quoted(table.name)}."`)}`,
              ]
            : []),
        ]) {
          const ended = await attempt(app, text, [JSON.stringify(row)]);
          expect([table.name, ended.code, text]).toEqual([table.name, DENIED, text]);
          expect(ended.words).not.toContain(b.handle);
        }
      }
    });
  });

  test('D02 · update and delete of B, alone, by CTE, with returning, and moving a row into B', async () => {
    await inSite(app, a.siteId, async () => {
      for (const table of site()) {
        const t = quoted(table.name);
        const update = selfUpdate(table);
        for (const text of [
          ...(update
            ? [
                `${update} where site_id = '${b.siteId}' returning site_id`,
                `with x as (${update} returning site_id) select site_id from x where site_id <> '${a.siteId}'`,
              ]
            : []),
          `delete from ${t} where site_id = '${b.siteId}' returning site_id`,
          `with x as (delete from ${t} where site_id <> '${a.siteId}' returning site_id) select site_id from x`,
        ]) {
          const { count, code } = await attempt(app, text);
          expect([text, count]).toEqual([text, 0]);
          if (code) expect([text, code]).toEqual([text, DENIED]);
        }
        expect([table.name, (await attempt(app, `update ${t} set site_id = '${b.siteId}'`)).code]).toEqual([
          table.name,
          DENIED,
        ]);
        expect([
          table.name,
          (
            await attempt(
              app,
              `merge into ${t} t using (values (1)) v on t.site_id = '${b.siteId}' when matched then delete`,
            )
          ).count,
        ]).toEqual([table.name, 0]);
      }
    });
  });

  test('D01 · and with the policy gone, each of these would be seen', async () => {
    const table = site().find((t) => t.name === 'shipping_methods');
    if (!table) throw new Error('no shipping_methods');
    const row = JSON.stringify(await rowOf(table, b));
    await owner.query('drop policy shipping_methods_site on shipping_methods');
    try {
      await inSite(app, a.siteId, async () => {
        expect((await attempt(app, 'select distinct site_id from shipping_methods')).rows).toHaveLength(2);
        expect((await attempt(app, insertOf(table), [row])).code).toBe('23505');
        expect((await attempt(app, `${selfUpdate(table)} where site_id = '${b.siteId}' returning site_id`)).count).toBe(
          1,
        );
      });
      await inSite(app, undefined, async () =>
        expect((await attempt(app, 'select site_id from shipping_methods')).count).toBe(2),
      );
    } finally {
      await owner.query(
        'create policy shipping_methods_site on shipping_methods as restrictive to souk_app using (site_id = current_site_id()) with check (site_id = current_site_id())',
      );
    }
  });
});

const keyOf = async ({ name }: Table): Promise<string> =>
  (
    await owner.query<{ key: string }>(
      `select string_agg(quote_ident(a.attname), ', ') as key from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey) where c.conrelid = $1::regclass and c.contype = 'p'`,
      [name],
    )
  ).rows[0]?.key ?? '';

/** A copy of a table without its keys, to which one key is given back: so that nothing else can refuse what the key lets through. */
async function alone(table: string, key: string, work: () => Promise<void>): Promise<void> {
  await owner.query('begin');
  try {
    await owner.query(`create table alone (like ${quoted(table)} including generated)`);
    if (key) await owner.query(key);
    await work();
  } finally {
    await owner.query('rollback');
  }
}

describe('D03 · every foreign key pointing at the other site', () => {
  type Key = { table: string; target: string; definition: string; columns: string[]; target_columns: string[] };
  const names = (key: string, relation: string): string =>
    `(select array_agg(x.attname::text order by k.o) from unnest(${key}) with ordinality k (n, o) join pg_attribute x on x.attrelid = ${relation} and x.attnum = k.n)`;

  test('D03 · A’s child with B’s parent is refused by the key itself', async () => {
    const { rows: keys } = await owner.query<Key>(
      `select c.conrelid::regclass::text as table, c.confrelid::regclass::text as target, pg_get_constraintdef(c.oid) as definition, ${names('c.conkey', 'c.conrelid')} as columns, ${names('c.confkey', 'c.confrelid')} as target_columns
        from pg_constraint c join pg_namespace n on n.oid = c.connamespace where c.contype = 'f' and n.nspname = 'public' and c.confrelid::regclass::text <> all ($1)`,
      [[...PLATFORM_TABLES]],
    );
    expect(keys.length).toBeGreaterThan(40);
    for (const key of keys) {
      const child = tables.find((t) => t.name === key.table);
      const parent = tables.find((t) => t.name === key.target);
      if (!child || !parent) throw new Error(`unknown table in ${key.definition}`);
      const own = await rowOf(child, a, key.columns.map((c) => `${quoted(c)} is not null`).join(' and '));
      const theirs = await rowOf(parent, b, key.target_columns.map((c) => `${quoted(c)} is not null`).join(' and '));
      const said = `${key.table}: ${key.definition}`;
      const crossed = { ...own };
      key.columns.forEach((column, i) => {
        if (column !== 'site_id') crossed[column] = theirs[key.target_columns[i] ?? ''];
      });
      // Numbers, states, a yes or no may be the same in both sites: then the parent of a site that has none is tried.
      const { rowCount: same } = await owner.query(
        `select 1 from ${quoted(key.target)} t where ${key.target_columns.map((c, i) => `to_jsonb(t.${quoted(c)}) = $1::jsonb -> '${key.columns[i]}'`).join(' and ')}`,
        [JSON.stringify(crossed)],
      );
      const tellsSitesApart = same === 0;
      const nobodys = { ...own, site_id: '01930000-0000-7000-8000-0000000000aa' };
      await alone(
        key.table,
        `alter table alone add constraint crossing ${key.definition.replace(/ DEFERRABLE.*/, '')}`,
        async () => {
          const into = insertOf(child, 'alone');
          // What is the site's own goes in; so what refuses the rest is this key and nothing else.
          expect([said, (await attempt(owner, into, [JSON.stringify(own)])).code]).toEqual([said, undefined]);
          expect([
            said,
            (await attempt(owner, into, [JSON.stringify(tellsSitesApart ? crossed : nobodys)])).constraint,
          ]).toEqual([said, 'crossing']);
          if (tellsSitesApart)
            expect([
              said,
              (await attempt(owner, into, [JSON.stringify({ ...own, site_id: b.siteId })])).constraint,
            ]).toEqual([said, 'crossing']);
        },
      );
    }
  });

  test('D03 · a key that forgets the site would be seen: it lets B’s parent in', async () => {
    const child = tables.find((t) => t.name === 'cart_items');
    const parent = tables.find((t) => t.name === 'carts');
    if (!child || !parent) throw new Error('no carts');
    const crossed = { ...(await rowOf(child, a)), cart_id: (await rowOf(parent, b)).cart_id };
    await alone(
      'cart_items',
      'create unique index forgetful on carts (cart_id); alter table alone add constraint crossing foreign key (cart_id) references carts (cart_id)',
      async () => {
        expect((await attempt(owner, insertOf(child, 'alone'), [JSON.stringify(crossed)])).code).toBeUndefined();
      },
    );
  });
});

describe('D04 · unique keys', () => {
  type Unique = { table: string; name: string; definition: string };
  const uniques = async (): Promise<Unique[]> =>
    (
      await owner.query<Unique>(
        "select t.relname as table, i.relname as name, pg_get_indexdef(i.oid) as definition from pg_index x join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid join pg_namespace n on n.oid = t.relnamespace where x.indisunique and n.nspname = 'public' order by 1, 2",
      )
    ).rows;

  test('D04 · an insert with the other site’s values clashes with nothing, whatever the key', async () => {
    for (const { table: name, definition } of await uniques()) {
      const table = tables.find((t) => t.name === name);
      if (!table?.site) continue;
      const theirs = (
        await owner.query<{ row: Row }>(`select to_jsonb(t) as row from ${quoted(name)} t where site_id = $1`, [
          b.siteId,
        ])
      ).rows.map((r) => r.row);
      await alone(name, definition.replace(/INDEX \S+ ON (only )?\S+ /i, 'INDEX lonely ON alone '), async () => {
        const names = written(table)
          .map((c) => quoted(c.name))
          .join(', ');
        const all = `insert into alone (${names}) select ${names} from jsonb_populate_recordset(null::${quoted(name)}, $1::jsonb)`;
        await owner.query(all, [JSON.stringify(theirs)]);
        expect([definition, (await attempt(owner, all, [JSON.stringify(theirs)])).code]).toEqual([
          definition,
          definition.includes(' WHERE ') ? expect.anything() : '23505',
        ]);
        expect([
          definition,
          (await attempt(owner, all, [JSON.stringify(theirs.map((row) => ({ ...row, site_id: a.siteId })))])).code,
        ]).toEqual([definition, undefined]);
      });
    }
  });

  test('D04 · the keys that hold for the whole platform are these, and these see a clash', async () => {
    // Only who makes a site sees that a handle, prefix or domain is taken, and only who signs up that an address is.
    const known = {
      'account_action_logs (action_id)': 'nobody: a random id',
      'admin_accounts (admin_id)': 'nobody: a random id',
      'admin_accounts (email)': 'the platform role, with on conflict do nothing, and who makes the first account',
      'admin_authenticators (authenticator_id)': 'nobody: a random id',
      "admin_authenticators (admin_id) WHERE (kind = 'totp'::text)":
        'nobody: a later one takes the place of the one before',
      'admin_authenticators (credential_id)':
        'nobody: 128 random bits of a device at least, with on conflict do nothing',
      'passkey_challenges (purpose, bound_to)': 'nobody: a later question takes the place of the one before',
      'recovery_codes (admin_id, code_hash)': 'nobody: 256 bits of a keyed hash',
      'sign_in_challenges (token_hash)': 'nobody: 256 random bits',
      'account_mails (mail_id)': 'nobody: a random id, or one of an account and a day, with on conflict do nothing',
      'known_devices (admin_id, device_hash)': 'nobody: 256 random bits',
      'password_resets (reset_id)': 'nobody: a random id',
      'password_resets (token_hash)': 'nobody: 256 random bits',
      'email_changes (admin_id)': 'nobody: a later wish takes the place of the one before',
      'email_changes (old_token_hash)': 'nobody: 256 random bits',
      'email_changes (new_token_hash)': 'nobody: 256 random bits',
      'admin_sessions (session_id)': 'nobody: a random id',
      'admin_sessions (token_hash)': 'nobody: 256 random bits',
      'api_key_uses (api_key_id)': 'nobody: an id of a key whose secret was right, with on conflict do update',
      'applied_migrations (id)': 'the owner',
      "domain_mappings (domain_name) WHERE (verification_status <> 'released'::text)":
        'who has proved the name, with on conflict do nothing, and who makes a site',
      'domain_mappings (mapping_id)': 'nobody: a random id',
      'domain_mappings (site_id) WHERE is_primary': 'the site itself',
      'domain_mappings (site_id, claim_id)': 'the site itself',
      'installations (singleton)': 'the owner',
      'operator_action_logs (action_id)': 'nobody: a random id',
      'operators (admin_id)': 'nobody: a random id',
      'operators (is_first) WHERE is_first': 'who sets the installation up, once',
      'order_transitions_allowed (from_state, to_state, triggered_by)': 'the owner',
      'permissions (permission_key)': 'the owner',
      'site_transitions_allowed (from_state, to_state, triggered_by)': 'the owner',
      'setup_links (singleton)': 'nobody: a new link takes the place of the old one',
      'sign_in_tries (counted)': 'nobody: a keyed hash of what was typed',
      'sites (handle)': 'who makes a site',
      'sites (order_prefix)': 'who makes a site',
      'sites (site_id)': 'nobody: a random id',
    };
    const found = (await uniques())
      .filter((u) => !tables.find((t) => t.name === u.table)?.site)
      .map((u) => `${u.table} ${u.definition.replace(/^.* USING btree /, '')}`);
    expect(found.toSorted()).toEqual(Object.keys(known).toSorted());
  });
});

describe('D05 · ways round', () => {
  const roles = ['app', 'platform', 'relay'] as const;
  const asRole = async (role: (typeof roles)[number], work: (client: pg.Client) => Promise<void>): Promise<void> => {
    const client = await clientOf(it.db.urls[role]);
    try {
      await inSite(client, a.siteId, () => work(client));
    } finally {
      await client.end();
    }
  };

  test.each(roles)('D05 · %s cannot become, make or switch off anything', async (role) => {
    await asRole(role, async (client) => {
      const refused = [
        'set role souk_owner',
        'set role postgres',
        ...roles.filter((r) => r !== role).map((r) => `set role ${ROLES[r]}`),
        'set session authorization postgres',
        'create role sneak',
        `alter role ${ROLES[role]} bypassrls`,
        `alter role ${ROLES[role]} superuser`,
        'create temp table t (x int)',
        'create temp view v as select 1',
        'create table t (x int)',
        'create view v as select 1',
        'create schema s',
        'create sequence q',
        "create function f() returns int language sql as 'select 1'",
        "create function pg_temp.f() returns int language sql as 'select 1'",
        "create or replace function current_site_id() returns uuid language sql as 'select null::uuid'",
        'create extension dblink',
        'create publication p for all tables',
        "do language plpgsql 'begin create temp table z (x int); end'",
        'alter table orders disable row level security',
        'alter table orders no force row level security',
        'drop policy orders_site on orders',
        'create policy mine on orders using (true)',
        'alter table orders owner to current_user',
        'drop table orders',
        'alter table orders drop constraint orders_current_transition',
        "alter system set fsync = 'off'",
        'set session_replication_role = replica',
        'lock table orders in access exclusive mode',
        'vacuum orders',
        'truncate carts cascade',
        "select pg_read_file('/etc/passwd')",
        "select lo_import('/etc/passwd')",
        "copy (select 1) to program 'cat'",
        "select pg_terminate_backend(0, 1) from pg_roles where pg_read_file('/etc/hostname') <> ''",
      ];
      const open: string[] = [];
      for (const text of refused) {
        const { code } = await attempt(client, text);
        // 25001: not inside a transaction; those are tried again outside, below.
        if (code !== DENIED && code !== '25001') open.push(`${text}: ${code}`);
      }
      expect(open).toEqual([]);
      // Who owns nothing gets a warning for a grant, not an error; nothing is granted.
      await client.query('savepoint granting');
      await client
        .query('grant select on order_items to souk_relay')
        .catch(() => client.query('rollback to savepoint granting'));
      expect(
        (await client.query("select has_table_privilege('souk_relay', 'order_items', 'select') as yes")).rows,
      ).toEqual([{ yes: false }]);
    });
    const client = await clientOf(it.db.urls[role]);
    try {
      for (const text of ['alter system set fsync = off', 'create database d', 'reset role; set role souk_owner'])
        await expect(client.query(text)).rejects.toMatchObject({ code: DENIED });
    } finally {
      await client.end();
    }
  });

  test('D05 · row security switched off makes every statement fail, not succeed', async () => {
    await asRole('app', async (client) => {
      await client.query('set local row_security = off');
      for (const { name } of site())
        expect([name, (await attempt(client, `select site_id from ${quoted(name)}`)).code]).toEqual([name, DENIED]);
    });
  });

  test('D05 · the planner’s statistics tell of no site table', async () => {
    await owner.query('analyze');
    await asRole('app', async (client) => {
      const { rows } = await client.query<{ tablename: string }>(
        "select distinct tablename from pg_stats where schemaname = 'public'",
      );
      expect(rows.map((r) => r.tablename).filter((name) => site().some((t) => t.name === name))).toEqual([]);
    });
  });

  test('D05 · no function runs with its owner’s rights, and every search path is harmless', async () => {
    expect(
      await ownerRows(
        it.db,
        "select proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace where prosecdef and nspname not in ('pg_catalog', 'information_schema')",
      ),
    ).toEqual([]);
    await asRole('app', async (client) => {
      await client.query('set local search_path = pg_temp, public');
      for (const { name } of site())
        expect([
          name,
          (await attempt(client, `select site_id from ${quoted(name)} where site_id <> '${a.siteId}'`)).rows,
        ]).toEqual([name, []]);
      expect((await attempt(client, 'select 1 from jobs.job')).code).toBe(DENIED);
    });
  });

  test('D05 · a forged setting of another name or case is no site', async () => {
    for (const text of ["select set_config('app.site', $1, true)", "select set_config('souk.site_id', $1, true)"]) {
      await inSite(app, undefined, async () => {
        await app.query(text, [a.siteId]);
        expect((await attempt(app, 'select site_id from orders')).rows).toEqual([]);
      });
    }
  });

  test('D05 · NULL switches off no composite key and no check', async () => {
    // What may be empty although a CHECK or a composite key names it, and why that is no hole.
    const mayBeEmpty = {
      'product_version_variants.compare_at': 'there is no price to compare with; its CHECK says so',
      'api_keys.replaced_by': 'a key need not have a successor; its CHECK says so',
      'orders.address_hash': 'where an order came from is forgotten with its end',
    };
    const { rows: keyed } = await owner.query<{ table: string; column: string }>(
      `select distinct t.relname as table, k.attname as column from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_namespace n on n.oid = t.relnamespace join pg_attribute k on k.attrelid = t.oid and k.attnum = any (c.conkey)
        where n.nspname = 'public' and k.attgenerated = '' and (c.contype = 'c' or (c.contype in ('f', 'u', 'p') and cardinality(c.conkey) > 1)) order by 1, 2`,
    );
    const holes: string[] = [];
    await owner.query('begin');
    for (const { table: name, column } of keyed) {
      const table = tables.find((t) => t.name === name);
      if (!table?.site) continue;
      const { rows } = await owner.query<{ row: Row }>(
        `select to_jsonb(t) as row from ${quoted(name)} t where ${quoted(column)} is not null order by num_nulls(t.*) limit 1`,
      );
      if (!rows[0]) {
        holes.push(`${name}.${column} is empty everywhere`);
        continue;
      }
      const { code } = await attempt(owner, insertOf(table), [JSON.stringify({ ...rows[0].row, [column]: null })]);
      if (code !== '23502' && code !== '23514') holes.push(`${name}.${column}`);
    }
    await owner.query('rollback');
    expect(holes.toSorted()).toEqual(Object.keys(mayBeEmpty).toSorted());
  });

  test('D05 · nothing cascades: a parent with children cannot go', async () => {
    const { rows } = await owner.query<{ name: string }>(
      "select conname as name from pg_constraint where contype = 'f' and (confupdtype <> 'a' or confdeltype <> 'a') and connamespace = 'public'::regnamespace",
    );
    expect(rows).toEqual([]);
    await owner.query('begin');
    expect((await attempt(owner, 'delete from sites where site_id = $1', [a.siteId])).code).toBe('23503');
    await owner.query('rollback');
  });

  test('D05 G5 · a forged count lets nobody into a closed set', async () => {
    const [adjustment] = await ownerRows<{ row: Row }>(
      it.db,
      'select to_jsonb(x) as row from order_adjustments x where site_id = $1 limit 1',
      [a.siteId],
    );
    const table = tables.find((t) => t.name === 'order_adjustments');
    if (!table || !adjustment) throw new Error('no adjustments');
    await inSite(app, a.siteId, async () => {
      expect((await attempt(app, insertOf(table), [JSON.stringify({ ...adjustment.row, n: 3 })])).code).toBe('23514');
      expect(
        (await attempt(app, insertOf(table), [JSON.stringify({ ...adjustment.row, n: 3, adjustment_count: 3 })])).code,
      ).toBe('23503');
      expect(
        (await attempt(app, insertOf(table), [JSON.stringify({ ...adjustment.row, n: 3, adjustment_count: null })]))
          .code,
      ).toBe('23502');
      expect((await attempt(app, insertOf(table), [JSON.stringify({ ...adjustment.row, n: 0 })])).code).toBe('23514');
      expect((await attempt(app, insertOf(table), [JSON.stringify({ ...adjustment.row, n: 1 })])).code).toBe('23505');
    });
  });
});

describe('D06 · append-only', () => {
  test.each(['app', 'platform', 'relay'] as const)(
    'D06 · %s cannot change, delete or empty a row that is written once, by any column',
    async (role) => {
      const client = await clientOf(it.db.urls[role]);
      try {
        await inSite(client, a.siteId, async () => {
          for (const name of [...APPEND_ONLY, ...VERSION_ROWS.keys()]) {
            const table = tables.find((t) => t.name === name);
            if (!table) throw new Error(`${name} is not a table`);
            for (const column of written(table)) {
              if (role === 'app' && (VERSION_ROWS.get(name) ?? FOLLOWED_ROWS.get(name))?.includes(column.name))
                continue;
              const text = `update ${quoted(name)} set ${quoted(column.name)} = null`;
              expect([text, (await attempt(client, text)).code]).toEqual([text, DENIED]);
            }
            for (const text of [`delete from ${quoted(name)}`, `truncate ${quoted(name)} cascade`])
              expect([text, (await attempt(client, text)).code]).toEqual([text, DENIED]);
          }
        });
      } finally {
        await client.end();
      }
    },
  );

  test('D06 · a grant too many would be seen', async () => {
    await owner.query('begin');
    await owner.query('grant update (reason_code) on order_state_transition_logs to souk_app');
    await owner.query('set local role none');
    const { rows } = await owner.query<{ yes: boolean }>(
      "select has_column_privilege('souk_app', 'order_state_transition_logs', 'reason_code', 'update') as yes",
    );
    expect(rows[0]?.yes).toBe(true);
    await owner.query('rollback');
  });
});

// What each role may do with which table and column: guards/database-guards.test.ts.
describe('G1 · the platform’s closed list', () => {
  test.each(Object.entries(PLATFORM_STATEMENTS))('G1 · the platform role may run %s', async (_name, { text }) => {
    const client = await clientOf(it.db.urls.platform);
    try {
      await client.query('begin');
      const values = Array.from(
        { length: Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map((m) => Number(m[1]))) },
        () => null,
      );
      const { code } = await attempt(client, text, values);
      // Nothing but values that are missing may stop it.
      expect([undefined, '23502']).toContain(code);
      await client.query('rollback');
    } finally {
      await client.end();
    }
  });
});
