import { openTestDatabase, inDatabase, siteRow } from '../testing/index.ts';
import { expect, test } from 'vitest';
import { PLATFORM_STATEMENTS } from './platform-lookups.ts';

type Node = { 'Actual Rows': number; 'Actual Loops': number; Plans?: Node[] };
const rowsOf = (node: Node): number =>
  node['Actual Rows'] * node['Actual Loops'] + (node.Plans ?? []).reduce((sum, below) => sum + rowsOf(below), 0);

test('the door of a site touches a handful of rows, however many people and sessions there are, even before anyone has counted them', async () => {
  const db = await openTestDatabase({ poolSize: 1 });
  try {
    await inDatabase(db.ownerUrl, async (client) => {
      await client.query('begin');
      // Made in one transaction and never analyzed: the planner knows as little as on the first busy day of an installation.
      await client.query(`
        ${siteRow("'01930000-0000-7000-8000-000000000001'", "'many'", "'MANY'")};
        insert into roles values ('01930000-0000-7000-8000-000000000001', '01930000-0000-7000-8000-000000000002', 'owner', '', true);
        insert into role_permissions select '01930000-0000-7000-8000-000000000001', '01930000-0000-7000-8000-000000000002', permission_key, true from permissions;
        insert into admin_accounts (admin_id, email, name, password_hash, status, created_at, updated_at)
          select ('01930000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, n || '@example.org', 'x', 'x', 'active', now(), now() from generate_series(1, 300) n;
        insert into admin_site_memberships (site_id, membership_id, admin_id, role_id, status, created_at, updated_at)
          select '01930000-0000-7000-8000-000000000001', admin_id, admin_id, '01930000-0000-7000-8000-000000000002', 'active', now(), now() from admin_accounts;
        insert into admin_sessions (session_id, admin_id, token_hash, created_at, last_seen_at, expires_at)
          select admin_id, admin_id, sha256(email::bytea), now(), now(), now() + interval '1 day' from admin_accounts`);
      await client.query('set local plan_cache_mode = force_generic_plan');
      const touched = async (name: string, text: string, values: string): Promise<number> => {
        await client.query(`prepare ${name} as ${text}`);
        const { rows } = await client.query<{ 'QUERY PLAN': { Plan: Node }[] }>(
          `explain (analyze, format json) execute ${name} (${values})`,
        );
        return rowsOf(rows[0]?.['QUERY PLAN'][0]?.Plan ?? expect.fail('no plan'));
      };
      const times = `now(), now() - interval '1 hour'`;
      const one = `sha256('7@example.org'::bytea), 'many', ${times}, now(), now()`;
      expect(await touched('entry', PLATFORM_STATEMENTS.adminEntry.text, one)).toBeLessThan(200);
      const site = `array_fill('01930000-0000-7000-8000-000000000001'::uuid, array[10])`;
      const ten = `'{${Array.from({ length: 10 }, (_, n) => `01930000-0000-7000-8000-${String(n + 1).padStart(12, '0')}`).join(',')}}'::uuid[]`;
      expect(await touched('doors', PLATFORM_STATEMENTS.openDoors.text, `${ten}, ${site}, ${times}`)).toBeLessThan(
        1_000,
      );
      await client.query('rollback');
    });
  } finally {
    await db.close();
  }
});
