import { linkToken } from '@souk/api/identity/account-links';
import { invitationToken } from '@souk/api/identity/invitation-link';
import { newSetUpLink } from '@souk/api/identity/set-up';
import type { Access } from '@souk/api/trpc/procedures';
import { PROVED_DOMAIN } from '@souk/db/testing';
import { PERMISSIONS, type Permission, SUPPORT_PERMISSIONS, holds } from '@souk/domain/identity';
import { v7 } from 'uuid';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type HttpClient,
  type SoftAuthenticator,
  type TestApi,
  type TestSite,
  type TwoSites,
  TEST_PASSWORD,
  anAccount,
  httpClient,
  ownerRows,
  placeOrder,
  softAuthenticator,
  standAt,
  startTestApi,
  twoSiteScene,
  until,
} from '../index.ts';
import { ALL_PROCEDURES, type WalkedProcedure } from '../walked-procedures.ts';

/* Every procedure of every router, against everyone who may not call it. The routers are walked: a procedure without a line here fails. */

let it: TestApi;
let a: TestSite;
let b: TestSite;
let scene: TwoSites;
let owner: HttpClient;
/** A site that operators may move. */
let movable = '';
/** Somebody who can be made an operator, and one who can go. */
let addable = '';
let withoutPhone = '';
let removable = '';
const ids = { a: {} as Record<string, string>, b: {} as Record<string, string> };
const UNKNOWN = '01930000-0000-7000-8000-0000000000aa';

beforeAll(async () => {
  it = await startTestApi();
  scene = await twoSiteScene(it);
  ({ a, b } = scene);
  owner = await it.signedInAs(a, 'owner');
  movable = (await it.makeSite({ handle: 'movable' })).siteId;
  addable = (await anAccount(it.db.database, 'addable')).email;
  const phoneless = await anAccount(it.db.database, 'without-phone');
  withoutPhone = phoneless.email;
  await ownerRows(
    it.db,
    `insert into admin_authenticators (authenticator_id, admin_id, kind, secret_sealed, last_step, created_at, confirmed_at)
      values (gen_random_uuid(), $1, 'totp', '\\x00', 0, now(), now())`,
    [phoneless.adminId],
  );
  await it.signedInAsOperator();
  const [operator] = await ownerRows<{ admin_id: string }>(
    it.db,
    'select admin_id from operators order by created_at desc limit 1',
  );
  removable = operator?.admin_id ?? '';
  for (const which of ['a', 'b'] as const) {
    const { siteId, products } = scene[which];
    const [found] = await ownerRows<Record<string, string>>(
      it.db,
      `select (select order_id from orders where site_id = $1 limit 1) as "orderId", (select import_id from product_imports where site_id = $1 limit 1) as "importId",
        (select role_id from roles where site_id = $1 and role_name = 'editor') as "roleId", (select invitation_id from site_invitations where site_id = $1 limit 1) as "invitationId",
        (select membership_id from admin_site_memberships where site_id = $1 limit 1) as "membershipId", (select api_key_id from api_keys where site_id = $1 limit 1) as "apiKeyId",
        (select claim_id from domain_claims where site_id = $1 limit 1) as "claimId", (select support_id from support_accesses where site_id = $1 limit 1) as "supportId", (select mapping_id from domain_mappings where site_id = $1 limit 1) as "mappingId"`,
      [siteId],
    );
    ids[which] = { ...found, productId: products[1]?.productId ?? '' };
  }
});
afterAll(() => it.close());

type Walked = Pick<WalkedProcedure, 'path' | 'type'>;
const all = ALL_PROCEDURES;
const admins = all.filter((p) => p.access.audience === 'admin');
const members = admins.flatMap((p) =>
  p.access.audience === 'admin' && p.access.who === 'member' ? [{ ...p, permission: p.access.permission }] : [],
);
const services = all.flatMap((p) =>
  p.access.audience === 'service' ? [{ ...p, permission: p.access.permission }] : [],
);

/** An input of each procedure, with the ids of a site; undefined: it takes none. */
const INPUTS: Readonly<Record<string, (of: Record<string, string>) => Record<string, unknown> | undefined>> = {
  'setUp.look': () => ({ token: 'x'.repeat(43) }),
  'invitation.look': () => ({ token: 'x'.repeat(43) }),
  'invitation.accept': () => ({ token: 'x'.repeat(43) }),
  'team.list': () => undefined,
  'team.invite': ({ roleId }) => ({ email: 'somebody@example.org', roleId }),
  'team.sendAgain': ({ invitationId }) => ({ invitationId }),
  'team.revoke': ({ invitationId }) => ({ invitationId }),
  'team.remove': ({ membershipId }) => ({ membershipId }),
  'team.requireSecondFactor': () => ({ isRequired: false }),
  'team.leave': () => undefined,
  'support.open': () => ({ email: 'support@example.org', reason: 'Look', hours: 1, permissions: ['VIEW_ORDERS'] }),
  'support.end': ({ supportId }) => ({ supportId }),
  'team.changeRole': ({ membershipId, roleId }) => ({ membershipId, fromRoleId: roleId, roleId }),
  'team.transferOwnership': ({ membershipId, roleId }) => ({ membershipId, ownRoleId: roleId }),
  'roles.list': () => undefined,
  'roles.create': () => ({ name: `Role ${performance.now()}`, description: '', permissions: [] }),
  'roles.save': ({ roleId }) => ({ roleId, version: 1, name: 'editor', description: '', permissions: [] }),
  'roles.retire': ({ roleId }) => ({ roleId, version: 1 }),
  'keys.list': () => undefined,
  'keys.create': () => ({ name: 'Key', permissions: ['VIEW_ORDERS'] }),
  'keys.rotate': ({ apiKeyId }) => ({ apiKeyId, overlapHours: 0 }),
  'keys.revoke': ({ apiKeyId }) => ({ apiKeyId }),
  'domains.list': () => undefined,
  'domains.claim': () => ({ domain: 'wanted.example' }),
  'domains.check': ({ claimId }) => ({ claimId }),
  'domains.withdraw': ({ claimId }) => ({ claimId }),
  'domains.checkAgain': ({ mappingId }) => ({ mappingId }),
  'domains.makePrimary': ({ mappingId }) => ({ mappingId }),
  'domains.remove': ({ mappingId }) => ({ mappingId }),
  'account.signIn': () => ({ email: 'nobody@example.org', password: 'x' }),
  'account.signOut': () => undefined,
  'account.me': () => undefined,
  'account.prove': () => ({ password: 'x' }),
  'account.rename': () => ({ name: 'Ada' }),
  'account.chooseLanguage': () => ({ language: 'de' }),
  'account.changePassword': () => ({ password: 'quiet lamp under bridge' }),
  'account.sessions': () => undefined,
  'account.endSession': () => ({ sessionId: UNKNOWN }),
  'account.endOtherSessions': () => undefined,
  'account.history': () => ({}),
  'operator.createSite': () => ({
    siteName: 'Another',
    handle: `another-${Math.trunc(performance.now())}`,
    country: 'DE',
    currency: 'EUR',
    language: 'en',
    timeZone: 'Europe/Berlin',
    taxPercent: '19',
    pricesIncludeTax: true,
    shippingPrice: '0',
  }),
  'emailChange.get': () => undefined,
  'passkeys.list': () => undefined,
  'passkeys.begin': () => undefined,
  'passkeys.add': () => ({ name: 'Key', passkey: { id: 'AA', clientDataJSON: 'AA', attestationObject: 'AA' } }),
  'passkeys.rename': () => ({ passkeyId: UNKNOWN, name: 'Key' }),
  'passkeys.remove': () => ({ passkeyId: UNKNOWN }),
  'passkeys.beginProof': () => undefined,
  'passkeys.prove': () => ({
    passkey: { id: 'AA', clientDataJSON: 'AA', authenticatorData: 'AA', signature: 'AA' },
  }),
  'secondFactor.get': () => undefined,
  'secondFactor.begin': () => undefined,
  'secondFactor.confirm': () => ({ code: '000000' }),
  'secondFactor.newCodes': () => undefined,
  'secondFactor.remove': () => undefined,
  'emailChange.request': () => ({ email: 'other@example.org' }),
  'emailChange.drop': () => undefined,
  'operator.sites': () => ({}),
  'operator.operators': () => undefined,
  'operator.addOperator': () => ({ email: addable }),
  'operator.removeOperator': () => ({ adminId: removable }),
  'operator.takeFactors': () => ({ email: withoutPhone, reason: 'lost_device' }),
  'operator.log': () => ({}),
  'operator.health': () => undefined,
  'operator.moveSite': () => ({ siteId: movable, step: 'suspend', lastStep: 1, reason: 'other' }),
  'site.get': () => undefined,
  'site.settings': () => undefined,
  'site.update': () => ({
    version: 1,
    name: 'Another name',
    language: 'en',
    country: 'DE',
    timeZone: 'Europe/Berlin',
    contactEmail: '',
    lowStockAt: '3',
    theme: 'aurora',
    currency: 'EUR',
    pricesIncludeTax: true,
  }),
  'dashboard.get': () => ({}),
  'dashboard.firstSteps': () => undefined,
  'products.list': () => ({}),
  'products.counts': () => ({}),
  'products.get': ({ productId }) => ({ productId }),
  'products.publish': ({ productId }) => ({ productIds: [productId] }),
  'products.unpublish': ({ productId }) => ({ productIds: [productId] }),
  'imports.list': () => undefined,
  'imports.get': ({ importId }) => ({ importId }),
  'imports.start': ({ importId }) => ({ importId }),
  'imports.cancel': ({ importId }) => ({ importId }),
  'orders.list': () => ({}),
  'orders.counts': () => undefined,
  'orders.get': ({ orderId }) => ({ orderId }),
  'orders.fulfil': ({ orderId }) => ({ orderId, version: 1 }),
  'orders.cancel': ({ orderId }) => ({ orderId, version: 1, reason: 'other' }),
  'activity.list': () => ({}),
  'activity.filters': () => undefined,
  'activity.export': () => ({ format: 'csv' }),
};

const call = (
  client: HttpClient,
  { path, type }: Walked,
  input: unknown,
  headers?: Record<string, string | undefined>,
) => (type === 'query' ? client.query(path, input, headers) : client.mutate(path, input, headers));
const inputOf = (p: Walked, of: Record<string, string>): unknown => {
  const make = INPUTS[p.path];
  if (!make) throw new Error(`${p.path} has no line in INPUTS: add its input, and it is attacked like the others`);
  return make(of);
};
const isSupportMatter = (permission: Permission): boolean =>
  (SUPPORT_PERMISSIONS as readonly Permission[]).includes(permission);
let letIn: HttpClient | undefined;
/** Somebody who runs the installation and was let into A with every right that support can have. */
async function asSupport(): Promise<HttpClient> {
  if (letIn) return letIn;
  const client = await it.signedInAsOperator(a);
  const { email } = (await client.query('account.me')).value as { email: string };
  const answer = await owner.mutate('support.open', {
    email,
    reason: 'All',
    hours: 1,
    permissions: SUPPORT_PERMISSIONS,
  });
  expect(answer.status).toBe(200);
  letIn = client;
  return client;
}
/** A session cookie as another person would send it, to any handle. */
const at = (client: HttpClient, handle: string | undefined): HttpClient =>
  httpClient(it.port, 'admin.localhost', {
    headers: { cookie: `souk-admin=${client.cookies.get('souk-admin')}`, 'x-souk-site': handle },
  });

test('I4 · the access matrix is what is written here', () => {
  const said = (access: Access): string =>
    access.who === 'member' || access.who === 'key'
      ? `${access.audience}: ${access.permission}`
      : `${access.audience}: ${access.who}`;
  const fresh = { true: ', fresh proof', sometimes: ', fresh proof sometimes', undefined: '' } as const;
  expect(
    Object.fromEntries(
      all.map((p) => [
        `${p.access.audience} ${p.path}`,
        `${p.type}, ${said(p.access)}${p.alone ? ', alone' : ''}${fresh[`${p.fresh}`]}${p.support === 'never' ? ', not support' : ''}${p.endsAccess ? ', in a closed site too' : ''}`,
      ]),
    ),
  ).toEqual({
    'admin setUp.look': 'query, admin: anyone',
    'admin setUp.finish': 'mutation, admin: anyone, alone',
    'admin invitation.look': 'query, admin: anyone',
    'admin invitation.accept': 'mutation, admin: account',
    'admin invitation.join': 'mutation, admin: anyone, alone',
    'admin account.signIn': 'mutation, admin: anyone, alone',
    'admin account.signOut': 'mutation, admin: account',
    'admin account.me': 'query, admin: account',
    'admin account.prove': 'mutation, admin: account, alone',
    'admin account.rename': 'mutation, admin: account',
    'admin account.chooseLanguage': 'mutation, admin: account',
    'admin account.changePassword': 'mutation, admin: account, alone, fresh proof',
    'admin account.sessions': 'query, admin: account',
    'admin account.endSession': 'mutation, admin: account',
    'admin account.endOtherSessions': 'mutation, admin: account',
    'admin account.history': 'query, admin: account',
    'admin operator.sites': 'query, admin: operator',
    'admin operator.createSite': 'mutation, admin: operator, alone',
    'admin passwordReset.request': 'mutation, admin: anyone, alone',
    'admin passwordReset.look': 'query, admin: anyone',
    'admin passwordReset.finish': 'mutation, admin: anyone, alone',
    'admin account.finishSignIn': 'mutation, admin: anyone, alone',
    'admin passkeys.list': 'query, admin: account',
    'admin passkeys.begin': 'mutation, admin: account, alone, fresh proof',
    'admin passkeys.add': 'mutation, admin: account, alone, fresh proof',
    'admin passkeys.rename': 'mutation, admin: account',
    'admin passkeys.remove': 'mutation, admin: account, alone, fresh proof',
    'admin passkeys.beginSignIn': 'mutation, admin: anyone, alone',
    'admin passkeys.signIn': 'mutation, admin: anyone, alone',
    'admin passkeys.beginSecondStep': 'mutation, admin: anyone, alone',
    'admin passkeys.finishSignIn': 'mutation, admin: anyone, alone',
    'admin passkeys.beginProof': 'mutation, admin: account, alone',
    'admin passkeys.prove': 'mutation, admin: account, alone',
    'admin secondFactor.get': 'query, admin: account',
    'admin secondFactor.begin': 'mutation, admin: account, alone, fresh proof',
    'admin secondFactor.confirm': 'mutation, admin: account, alone, fresh proof',
    'admin secondFactor.newCodes': 'mutation, admin: account, alone, fresh proof',
    'admin secondFactor.remove': 'mutation, admin: account, alone, fresh proof',
    'admin emailChange.get': 'query, admin: account',
    'admin emailChange.request': 'mutation, admin: account, alone, fresh proof',
    'admin emailChange.drop': 'mutation, admin: account',
    'admin emailChange.look': 'query, admin: anyone',
    'admin emailChange.confirm': 'mutation, admin: anyone, alone',
    'admin operator.moveSite': 'mutation, admin: operator, fresh proof',
    'admin operator.operators': 'query, admin: operator',
    'admin operator.addOperator': 'mutation, admin: operator, fresh proof',
    'admin operator.removeOperator': 'mutation, admin: operator, fresh proof',
    'admin operator.takeFactors': 'mutation, admin: operator, alone, fresh proof',
    'admin operator.log': 'query, admin: operator',
    'admin operator.health': 'query, admin: operator',
    'admin site.get': 'query, admin: any',
    'admin site.settings': 'query, admin: MANAGE_SITE_SETTINGS',
    'admin site.update': 'mutation, admin: MANAGE_SITE_SETTINGS',
    'admin team.list': 'query, admin: MANAGE_TEAM',
    'admin team.invite': 'mutation, admin: MANAGE_TEAM, fresh proof',
    'admin team.sendAgain': 'mutation, admin: MANAGE_TEAM',
    'admin team.revoke': 'mutation, admin: MANAGE_TEAM, in a closed site too',
    'admin team.remove': 'mutation, admin: MANAGE_TEAM, fresh proof sometimes, in a closed site too',
    'admin team.requireSecondFactor': 'mutation, admin: MANAGE_TEAM, fresh proof',
    'admin team.leave': 'mutation, admin: any, in a closed site too',
    'admin support.open': 'mutation, admin: MANAGE_TEAM, fresh proof',
    'admin support.end': 'mutation, admin: MANAGE_TEAM, in a closed site too',
    'admin team.changeRole': 'mutation, admin: MANAGE_TEAM, fresh proof',
    'admin team.transferOwnership': 'mutation, admin: MANAGE_TEAM, fresh proof',
    'admin roles.list': 'query, admin: MANAGE_TEAM',
    'admin roles.create': 'mutation, admin: MANAGE_TEAM, fresh proof',
    'admin roles.save': 'mutation, admin: MANAGE_TEAM, fresh proof',
    'admin roles.retire': 'mutation, admin: MANAGE_TEAM, fresh proof',
    'admin keys.list': 'query, admin: MANAGE_INTEGRATIONS',
    'admin keys.create': 'mutation, admin: MANAGE_INTEGRATIONS, fresh proof',
    'admin keys.rotate': 'mutation, admin: MANAGE_INTEGRATIONS, fresh proof',
    'admin keys.revoke': 'mutation, admin: MANAGE_INTEGRATIONS, fresh proof, in a closed site too',
    'admin domains.list': 'query, admin: MANAGE_SITE_SETTINGS',
    'admin domains.claim': 'mutation, admin: MANAGE_SITE_SETTINGS, fresh proof',
    'admin domains.check': 'mutation, admin: MANAGE_SITE_SETTINGS',
    'admin domains.checkAgain': 'mutation, admin: MANAGE_SITE_SETTINGS',
    'admin domains.makePrimary': 'mutation, admin: MANAGE_SITE_SETTINGS, fresh proof',
    'admin domains.remove': 'mutation, admin: MANAGE_SITE_SETTINGS, fresh proof',
    'admin domains.withdraw': 'mutation, admin: MANAGE_SITE_SETTINGS',
    'admin dashboard.get': 'query, admin: VIEW_DASHBOARD',
    'admin dashboard.firstSteps': 'query, admin: MANAGE_SITE_SETTINGS',
    'admin products.list': 'query, admin: VIEW_PRODUCTS',
    'admin products.counts': 'query, admin: VIEW_PRODUCTS',
    'admin products.get': 'query, admin: VIEW_PRODUCTS',
    'admin products.publish': 'mutation, admin: MANAGE_PRODUCTS',
    'admin products.unpublish': 'mutation, admin: MANAGE_PRODUCTS',
    'admin imports.list': 'query, admin: MANAGE_PRODUCTS',
    'admin imports.get': 'query, admin: MANAGE_PRODUCTS',
    'admin imports.start': 'mutation, admin: MANAGE_PRODUCTS, alone',
    'admin imports.cancel': 'mutation, admin: MANAGE_PRODUCTS',
    'admin orders.list': 'query, admin: VIEW_ORDERS',
    'admin orders.counts': 'query, admin: VIEW_ORDERS',
    'admin orders.get': 'query, admin: VIEW_ORDERS',
    'admin orders.fulfil': 'mutation, admin: MANAGE_ORDERS, alone',
    'admin orders.cancel': 'mutation, admin: MANAGE_ORDERS, alone',
    'admin activity.list': 'query, admin: VIEW_ACTIVITY',
    'admin activity.filters': 'query, admin: VIEW_ACTIVITY',
    'admin activity.export': 'mutation, admin: VIEW_ACTIVITY, fresh proof, not support',
    'storefront products.list': 'query, storefront: anyone',
    'storefront products.get': 'query, storefront: anyone',
    'storefront cart.get': 'query, storefront: anyone',
    'storefront checkout.submit': 'mutation, storefront: anyone, alone',
    'service products.list': 'query, service: VIEW_PRODUCTS',
    'service orders.list': 'query, service: VIEW_ORDERS',
    'service orders.get': 'query, service: VIEW_ORDERS',
  });
});

describe('E01 · who may not call', () => {
  test.each(admins.filter((p) => p.access.who !== 'anyone'))(
    'E01 · $path, without a session, or with one that is none',
    async (p) => {
      const answers = await Promise.all(
        [
          undefined,
          'souk-admin=',
          `souk-admin=${'x'.repeat(43)}`,
          "souk-admin=' or 1=1 --",
          `other=${owner.cookies.get('souk-admin')}`,
        ].map((cookie) =>
          call(
            httpClient(it.port, 'admin.localhost', { headers: { cookie, 'x-souk-site': a.handle } }),
            p,
            inputOf(p, ids.a),
          ),
        ),
      );
      for (const answer of answers) expect([answer.status, answer.refusal?.code]).toEqual([401, 'not_signed_in']);
      expect(new Set(answers.map((x) => x.text)).size).toBe(1);
    },
  );

  test.each(admins.filter((p) => p.access.who === 'operator'))(
    'E01 · $path, by somebody who does not run the installation: as if there were nothing',
    async (p) => {
      const nobody = await it.signedInAsNobody();
      const refused = await call(nobody, p, inputOf(p, ids.a));
      expect([refused.status, refused.refusal?.code]).toEqual([404, 'not_found']);
      // Neither owning a site nor a wrong input changes what they hear.
      expect((await call(await it.signedInAs(a, 'owner'), p, inputOf(p, ids.a))).text).toBe(refused.text);
      expect((await call(nobody, p, { nonsense: true })).text).toBe(refused.text);
    },
  );

  test.each(members)(
    'E01 · $path, by somebody who runs the installation and is no member: as if the site were absent',
    async (p) => {
      const operator = await it.signedInAsOperator(a);
      const answer = await call(operator, p, inputOf(p, ids.a));
      expect([answer.status, answer.refusal?.code]).toEqual([404, 'not_found']);
      expect((await call(at(operator, 'no-such-site'), p, inputOf(p, ids.a))).text).toBe(answer.text);
    },
  );

  test.each(members)('E01 · $path, by somebody who is no member: as if the site were absent', async (p) => {
    const nobody = await it.signedInAsNobody();
    const foreign = await call(at(nobody, a.handle), p, inputOf(p, ids.a));
    expect([foreign.status, foreign.refusal?.code]).toEqual([404, 'not_found']);
    for (const handle of ['no-such-site', '', undefined, '__proto__', a.siteId, b.handle.toUpperCase(), "' or '1'='1"])
      expect((await call(at(nobody, handle), p, inputOf(p, ids.a))).text).toBe(foreign.text);
    // A member of B is nobody in A, and wrong input does not change what a stranger hears.
    const ofB = await it.signedInAs(b, 'owner');
    expect((await call(at(ofB, a.handle), p, inputOf(p, ids.a))).text).toBe(foreign.text);
    expect((await call(at(ofB, a.handle), p, { nonsense: true })).text).toBe(foreign.text);
  });

  const guarded = members.flatMap((p) => (p.permission === 'any' ? [] : [{ ...p, permission: p.permission }]));
  test.each(guarded)('E01 · $path, by a member with every permission but $permission', async (p) => {
    const others = (Object.keys(PERMISSIONS) as Permission[]).filter(
      (permission) => !holds([permission], p.permission),
    );
    const roleName = `all but ${p.permission}`;
    const client = await it.signedInAs(a, 'viewer');
    await ownerRows(
      it.db,
      "with r as (insert into roles values ($1, gen_random_uuid(), $2, '') on conflict (site_id, lower(role_name)) where not is_retired do nothing returning role_id) insert into role_permissions select $1, role_id, unnest($3::text[]) from r",
      [a.siteId, roleName, others],
    );
    await ownerRows(
      it.db,
      'update admin_site_memberships m set role_id = r.role_id from roles r, admin_sessions s where r.site_id = $1 and r.role_name = $2 and m.site_id = $1 and m.admin_id = s.admin_id and s.token_hash = sha256($3::bytea)',
      [a.siteId, roleName, Buffer.from(client.cookies.get('souk-admin') ?? '')],
    );
    const answer = await call(client, p, inputOf(p, ids.a));
    expect([answer.status, answer.refusal]).toEqual([
      403,
      {
        code: 'permission_missing',
        message: expect.stringContaining(p.permission),
        facts: { permission: p.permission },
      },
    ]);
  });

  test.each(members.filter((p) => p.permission !== 'any' && (p.support === 'never' || !isSupportMatter(p.permission))))(
    'SA1 · $path, as support with all that support can be let do',
    async (p) => {
      const client = await asSupport();
      const answer = await call(client, p, inputOf(p, ids.a));
      expect([answer.status, answer.refusal?.code]).toEqual([
        403,
        p.support === 'never' ? 'not_for_support' : 'permission_missing',
      ]);
    },
  );

  test.each(admins.filter((p) => p.fresh === true))('E01 I7 · $path, with a proof that is too old', async (p) => {
    const client = p.access.who === 'operator' ? await it.signedInAsOperator() : await it.signedInAs(a, 'owner');
    await ownerRows(
      it.db,
      "update admin_sessions set proved_at = now() - interval '11 minutes' where token_hash = sha256($1::bytea)",
      [Buffer.from(client.cookies.get('souk-admin') ?? '')],
    );
    const answer = await call(client, p, inputOf(p, ids.a));
    expect([answer.status, answer.refusal?.code]).toEqual([428, 'proof_needed']);
  });

  test.each(members)('E01 · $path, after session, account or membership have ended', async (p) => {
    const hash = (client: HttpClient): Buffer => Buffer.from(client.cookies.get('souk-admin') ?? '');
    const ended: [string, number][] = [
      ["update admin_sessions set expires_at = now() - interval '1 second' where token_hash = sha256($1::bytea)", 401],
      ['update admin_sessions set revoked_at = now() where token_hash = sha256($1::bytea)', 401],
      [
        "update admin_sessions set last_seen_at = now() - interval '25 hours' where token_hash = sha256($1::bytea)",
        401,
      ],
      [
        "update admin_accounts set status = 'locked' where admin_id = (select admin_id from admin_sessions where token_hash = sha256($1::bytea))",
        401,
      ],
      [
        "update admin_accounts set status = 'disabled' where admin_id = (select admin_id from admin_sessions where token_hash = sha256($1::bytea))",
        401,
      ],
      [
        "update admin_site_memberships set status = 'revoked' where admin_id = (select admin_id from admin_sessions where token_hash = sha256($1::bytea))",
        404,
      ],
    ];
    for (const [text, status] of ended) {
      const client = await it.signedInAs(a, 'viewer');
      await ownerRows(it.db, text, [hash(client)]);
      expect([text, (await call(client, p, inputOf(p, ids.a))).status]).toEqual([text, status]);
    }
  });

  test('E01 · a suspended site can be looked at and not changed', async () => {
    const quiet = await it.makeSite({ handle: 'quiet' });
    const client = await it.signedInAs(quiet, 'owner');
    await standAt(it.db, quiet.siteId, 'suspended');
    expect((await client.query('products.list', {})).status).toBe(200);
    for (const p of members.filter((m) => m.type === 'mutation' && !m.endsAccess))
      expect([p.path, (await call(client, p, inputOf(p, ids.a))).refusal?.code]).toEqual([p.path, 'site_not_active']);
    expect((await it.visitor(quiet).get('/')).status).toBe(503);
    expect(
      (
        await client.send('/s/quiet/uploads/product-imports', {
          method: 'POST',
          body: 'x',
          headers: { 'content-type': 'text/csv' },
        })
      ).status,
    ).toBe(403);
  });

  test('E01 · a key of a site that is closed looks, one of a site that is put away does not', async () => {
    const kept = await it.makeSite({ handle: 'kept-keys' });
    const service = it.service(kept.apiKey);
    const asked = async (status: 'suspended' | 'archived') => {
      await standAt(it.db, kept.siteId, status);
      const { status: code, refusal } = await service.query('products.list', {});
      return [code, refusal?.code];
    };
    expect(await asked('suspended')).toEqual([200, undefined]);
    expect(await asked('archived')).toEqual([403, 'site_not_active']);
  });

  test.each(services)(
    'E01 · service $path, without a key, with a wrong, revoked, expired one, or one without $permission',
    async (p) => {
      const make = {
        'products.list': () => ({}),
        'orders.list': () => ({}),
        'orders.get': () => ({ orderId: ids.a.orderId }),
      }[p.path];
      if (!make) throw new Error(`${p.path} has no input here`);
      const wrong = await Promise.all(
        [
          undefined,
          'Bearer x',
          `Bearer souk_${UNKNOWN}_${'a'.repeat(43)}`,
          `Bearer ${a.apiKey.slice(0, 42)}${'a'.repeat(43)}`,
        ].map((authorization) => call(it.service(), p, make(), { authorization })),
      );
      for (const answer of wrong) expect([answer.status, answer.text]).toEqual([401, wrong[0]?.text]);
      expect((await call(it.service(a.apiKey), p, make())).status).toBe(200);
      const keyId = a.apiKey.slice(5, 41);
      await ownerRows(it.db, 'delete from api_key_permissions where api_key_id = $1 and permission_key = $2', [
        keyId,
        p.permission,
      ]);
      expect([(await call(it.service(a.apiKey), p, make())).status]).toEqual([403]);
      await ownerRows(it.db, 'insert into api_key_permissions values ($1, $2, $3)', [a.siteId, keyId, p.permission]);
      for (const [set, unset] of [
        ['revoked_at = now()', 'revoked_at = null'],
        ["expires_at = now() - interval '1 second'", 'expires_at = null'],
      ]) {
        await ownerRows(it.db, `update api_keys set ${set} where api_key_id = $1`, [keyId]);
        expect((await call(it.service(a.apiKey), p, make())).text).toBe(wrong[0]?.text);
        await ownerRows(it.db, `update api_keys set ${unset} where api_key_id = $1`, [keyId]);
      }
    },
  );
});

describe('E02 · ids of another site', () => {
  test('E02 · an order link of B opens nothing in A', async () => {
    const placed = await placeOrder(it, b, [{ variantId: b.products[1]?.variants[0]?.variantId ?? '', quantity: 1 }]);
    expect((await it.visitor(b).get(placed.orderPath)).status).toBe(200);
    const [crossed, unknown] = [
      await it.visitor(a).get(placed.orderPath),
      await it.visitor(a).get(`/orders/${'x'.repeat(43)}`),
    ];
    expect([crossed.status, crossed.text.replace(placed.orderPath, '')]).toEqual([
      404,
      unknown.text.replace(`/orders/${'x'.repeat(43)}`, ''),
    ]);
    expect((await it.visitor(a).get(`${placed.orderPath}/status`)).status).toBe(404);
    expect((await it.visitor(a).form(`${placed.orderPath}/pay`, {})).status).toBe(404);
    expect((await it.service(a.apiKey).query('orders.get', { orderId: placed.orderId })).status).toBe(404);
  });

  test('E02 · files and the live stream of B are not A’s', async () => {
    for (const path of [
      `/s/${b.handle}/downloads/product-imports/${ids.b.importId}/report.csv`,
      `/s/${b.handle}/live`,
      `/s/${b.handle}/media/${'a'.repeat(40)}/640.webp`,
      `/s/no-such-site/live`,
      `/s/${a.handle}/downloads/product-imports/${ids.b.importId}/report.csv`,
      `/s/${a.handle}/downloads/product-imports/${UNKNOWN}/report.csv`,
    ]) {
      const answer = await owner.get(path);
      expect([path, answer.status]).toEqual([path, 404]);
    }
    expect(
      (
        await owner.send(`/s/${b.handle}/uploads/product-imports`, {
          method: 'POST',
          body: 'x',
          headers: { 'content-type': 'text/csv' },
        })
      ).status,
    ).toBe(404);
  });
});

describe('AU1 · every mutation leaves its row', () => {
  const logged = (action: string) =>
    ownerRows<{ actor_id: string; role_name: string; request_id: string; entity_id: string | null }>(
      it.db,
      'select actor_id, role_name, request_id, entity_id from admin_action_logs where site_id = $1 and action = $2 order by action_id',
      [a.siteId, action],
    );
  const statusOf = async (importId: string): Promise<string | undefined> =>
    (
      await ownerRows<{ status: string }>(it.db, 'select status from product_imports where import_id = $1', [importId])
    )[0]?.status;
  const readyImport = async (): Promise<string> => {
    const answer = await owner.send(`/s/${a.handle}/uploads/product-imports?name=x.csv`, {
      method: 'POST',
      body: `Handle,Title,Variant Price,Variant SKU\nau1-${Math.trunc(performance.now())},Lamp,10.00,L1\n`,
      headers: { 'content-type': 'text/csv' },
    });
    const { importId } = JSON.parse(answer.text) as { importId: string };
    await until('the file is looked at', async () => (await statusOf(importId)) !== 'checking', 20);
    expect(await statusOf(importId)).toBe('ready');
    return importId;
  };
  const orderOf = async (paid: boolean): Promise<Record<string, unknown>> => {
    const placed = await placeOrder(it, a, [{ variantId: a.products[1]?.variants[0]?.variantId ?? '', quantity: 1 }]);
    if (paid) await it.notify(a, { type: 'payment.captured', paymentId: placed.paymentId, amount: placed.total });
    return { orderId: placed.orderId, version: paid ? 2 : 1 };
  };
  const invite = async (): Promise<string> => {
    const answer = await owner.mutate('team.invite', {
      email: `au1-${performance.now()}@example.org`,
      roleId: ids.a.roleId,
    });
    return (answer.value as { invitationId: string }).invitationId;
  };
  /** Somebody who has just come. */
  const newest = async (): Promise<{ membershipId: string | undefined; fromRoleId: string | undefined }> => {
    await it.signedInAs(a, 'viewer');
    const [found] = await ownerRows<{ membership_id: string; role_id: string }>(
      it.db,
      "select membership_id, role_id from admin_site_memberships where site_id = $1 and status = 'active' order by membership_id desc limit 1",
      [a.siteId],
    );
    return { membershipId: found?.membership_id, fromRoleId: found?.role_id };
  };
  const madeBy = async (path: string, input: unknown): Promise<Record<string, string>> =>
    (await owner.mutate(path, input)).value as Record<string, string>;
  const supportWish = { reason: 'Look', hours: 1, permissions: ['VIEW_ORDERS'] };
  const anOperator = async (): Promise<string> =>
    ((await (await it.signedInAsOperator()).query('account.me')).value as { email: string }).email;
  const aRole = async (): Promise<string> =>
    (await madeBy('roles.create', { name: `Role ${performance.now()}`, description: '', permissions: [] })).roleId ??
    '';
  const aKey = async (): Promise<string> =>
    (await madeBy('keys.create', { name: 'Key', permissions: ['VIEW_ORDERS'] })).apiKeyId ?? '';
  const claim = async (): Promise<string> =>
    (
      (await owner.mutate('domains.claim', { domain: `au1-${Math.trunc(performance.now() * 1000)}.example` }))
        .value as { claimId: string }
    ).claimId;
  const provedDomain = async (): Promise<string> => {
    const mappingId = v7();
    await ownerRows(it.db, PROVED_DOMAIN, [mappingId, a.siteId, `${mappingId}.example`, false, 'verified', true]);
    return mappingId;
  };
  /** An input with which each mutation does something. */
  const DOES: Readonly<Record<string, () => Promise<unknown>>> = {
    'products.unpublish': async () => ({ productIds: [a.products[0]?.productId] }),
    'products.publish': async () => ({ productIds: [a.products[0]?.productId] }),
    'imports.start': async () => ({ importId: await readyImport() }),
    'imports.cancel': async () => ({ importId: await readyImport() }),
    'team.invite': async () => ({ email: `new-${performance.now()}@example.org`, roleId: ids.a.roleId }),
    'team.sendAgain': async () => {
      const invitationId = await invite();
      await ownerRows(
        it.db,
        "update site_invitations set sent_at = now() - interval '1 hour' where invitation_id = $1",
        [invitationId],
      );
      return { invitationId };
    },
    'team.revoke': async () => ({ invitationId: await invite() }),
    'team.remove': async () => ({ membershipId: (await newest()).membershipId }),
    'team.requireSecondFactor': async () => ({ isRequired: false }),
    'team.leave': async () => undefined,
    'support.open': async () => ({ ...supportWish, email: await anOperator() }),
    'support.end': async () => ({
      supportId: (await madeBy('support.open', { ...supportWish, email: await anOperator() })).supportId,
    }),
    'site.update': async () => {
      const { version, settings } = (await owner.query('site.settings')).value as { version: number; settings: object };
      return { ...settings, version, name: `Renamed ${version}` };
    },
    'team.changeRole': async () => {
      const { membershipId, fromRoleId } = await newest();
      return { membershipId, fromRoleId, roleId: ids.a.roleId };
    },
    'team.transferOwnership': async () => ({ membershipId: (await newest()).membershipId, ownRoleId: ids.a.roleId }),
    'roles.create': async () => ({ name: `Made ${performance.now()}`, description: '', permissions: ['VIEW_ORDERS'] }),
    'roles.save': async () => ({
      roleId: await aRole(),
      version: 1,
      name: `Saved ${performance.now()}`,
      description: '',
      permissions: [],
    }),
    'roles.retire': async () => ({ roleId: await aRole(), version: 1 }),
    'keys.create': async () => ({ name: 'Key', permissions: ['VIEW_ORDERS'] }),
    'keys.rotate': async () => ({ apiKeyId: await aKey(), overlapHours: 0 }),
    'keys.revoke': async () => ({ apiKeyId: await aKey() }),
    'domains.claim': async () => ({ domain: `au1-${Math.trunc(performance.now())}.example` }),
    'domains.check': async () => ({ claimId: await claim() }),
    'domains.withdraw': async () => ({ claimId: await claim() }),
    'domains.checkAgain': async () => ({ mappingId: await provedDomain() }),
    'domains.makePrimary': async () => ({ mappingId: await provedDomain() }),
    'domains.remove': async () => ({ mappingId: await provedDomain() }),
    'activity.export': async () => ({ format: 'csv' }),
    'orders.fulfil': async () => orderOf(true),
    'orders.cancel': async () => ({ ...(await orderOf(false)), reason: 'other' }),
  };

  const LEAVES = new Set(['team.leave', 'team.transferOwnership']);
  test.each(members.filter((m) => m.type === 'mutation').toSorted((x, y) => (x.path < y.path ? 1 : -1)))(
    'AU1 · $path',
    async (p) => {
      const does = DOES[p.path];
      if (!does) throw new Error(`${p.path} has no line in DOES`);
      const input = await does();
      const before = (await logged(p.path)).length;
      // Whoever leaves, or steps down, is not there for the others.
      const answer = await call(LEAVES.has(p.path) ? await it.signedInAs(a, 'owner') : owner, p, input);
      expect([answer.status, answer.text.slice(0, 200)]).toEqual([200, expect.any(String)]);
      const rows = await logged(p.path);
      expect(rows.length).toBe(before + 1);
      expect(rows.at(-1)).toMatchObject({
        role_name: 'owner',
        request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        actor_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
      // What is refused leaves nothing, not even a row that says it was done.
      if (p.path.startsWith('orders.')) {
        expect((await call(owner, p, input)).status).toBe(409);
        expect(await logged(p.path)).toHaveLength(before + 1);
      }
    },
  );

  const accountMutations = all.filter(
    (p) => p.type === 'mutation' && p.access.audience === 'admin' && ['anyone', 'account'].includes(p.access.who),
  );
  const signedInAnew = async (): Promise<{ email: string; client: HttpClient }> => {
    const { email } = await anAccount(it.db.database, 'au1');
    const client = it.admin();
    await client.mutate('account.signIn', { email, password: TEST_PASSWORD });
    return { email, client };
  };
  const withSecondFactor = async () => {
    const { email, client } = await signedInAnew();
    const { setupKey } = (await client.mutate('secondFactor.begin')).value as { setupKey: string };
    const code = new TOTP({ secret: Secret.fromBase32(setupKey) }).generate();
    const confirmed = await client.mutate('secondFactor.confirm', { code });
    return { email, client, recoveryCodes: (confirmed.value as { recoveryCodes: string[] }).recoveryCodes };
  };
  const withPasskey = async () => {
    const { email, client } = await signedInAnew();
    const device = softAuthenticator({ origin: `http://admin.localhost:${it.port}` });
    const { options } = (await client.mutate('passkeys.begin')).value as {
      options: Parameters<SoftAuthenticator['make']>[0];
    };
    const added = await client.mutate('passkeys.add', { name: 'Key', passkey: device.make(options) });
    const { passkeyId } = added.value as { passkeyId: string };
    const answer = async (by: HttpClient, path: string) =>
      device.answer(((await by.mutate(path)).value as { options: Parameters<SoftAuthenticator['answer']>[0] }).options);
    return { email, client, passkeyId, answer, status: added.status };
  };
  const withPasskeyAlso = async (
    does: (by: Awaited<ReturnType<typeof withPasskey>>) => Promise<{ status: number }>,
  ): Promise<{ email: string; status: number }> => {
    const by = await withPasskey();
    return { email: by.email, status: (await does(by)).status };
  };
  const halfSignedIn = async (email: string): Promise<HttpClient> => {
    const client = it.admin();
    await client.mutate('account.signIn', { email, password: TEST_PASSWORD });
    return client;
  };
  const asOneself = async (path: string, input: unknown): Promise<{ email: string; status: number }> => {
    const { email, client } = await signedInAnew();
    return { email, status: (await client.mutate(path, input)).status };
  };
  /** What each mutation of one's own account leaves in the account's own log, and somebody who does it. */
  const ACCOUNT_DOES: Readonly<
    Record<
      string,
      {
        readonly action: string;
        readonly does: () => Promise<{ email: string; status: number; in?: Pick<TestApi, 'db' | 'close'> }>;
      }
    >
  > = {
    // An installation is set up once, so this one is another.
    'setUp.finish': {
      action: 'signed_in',
      does: async () => {
        const fresh = await startTestApi();
        const link = await newSetUpLink(fresh.api.services);
        const { status } = await fresh.admin().mutate('setUp.finish', {
          token: link?.split('#')[1],
          name: 'Founder',
          email: 'founder@example.org',
          password: 'quiet lamp under bridge',
          siteName: 'First',
          handle: 'first',
          country: 'DE',
          currency: 'EUR',
          language: 'en',
          timeZone: 'Europe/Berlin',
          taxPercent: '19',
          pricesIncludeTax: true,
          shippingPrice: '0',
        });
        return { email: 'founder@example.org', status, in: fresh };
      },
    },
    'invitation.accept': {
      action: 'invitation_accepted',
      does: async () => {
        const { email } = await anAccount(it.db.database, 'au1');
        const client = it.admin();
        await client.mutate('account.signIn', { email, password: TEST_PASSWORD });
        const token = invitationToken(it.api.services.key, await invite(), 1);
        return { email, status: (await client.mutate('invitation.accept', { token })).status };
      },
    },
    'invitation.join': {
      action: 'signed_in',
      does: async () => {
        const invitationId = await invite();
        const [found] = await ownerRows<{ email: string }>(
          it.db,
          'select email from site_invitations where invitation_id = $1',
          [invitationId],
        );
        const { status } = await it.admin().mutate('invitation.join', {
          token: invitationToken(it.api.services.key, invitationId, 1),
          name: 'Joiner',
          password: 'quiet lamp under bridge',
        });
        return { email: found?.email ?? '', status };
      },
    },
    'account.signIn': {
      action: 'signed_in',
      does: async () => {
        const { email } = await anAccount(it.db.database, 'au1');
        return {
          email,
          status: (await it.admin().mutate('account.signIn', { email, password: TEST_PASSWORD })).status,
        };
      },
    },
    'account.prove': { action: 'proved', does: () => asOneself('account.prove', { password: TEST_PASSWORD }) },
    'account.rename': { action: 'renamed', does: () => asOneself('account.rename', { name: 'Ada' }) },
    'account.chooseLanguage': {
      action: 'language_chosen',
      does: () => asOneself('account.chooseLanguage', { language: 'de' }),
    },
    'account.changePassword': {
      action: 'password_changed',
      does: () => asOneself('account.changePassword', { password: 'quiet lamp under bridge' }),
    },
    'passwordReset.request': {
      action: 'reset_requested',
      does: async () => {
        const { email } = await anAccount(it.db.database, 'au1');
        return { email, status: (await it.admin().mutate('passwordReset.request', { email })).status };
      },
    },
    'passwordReset.finish': {
      action: 'password_reset',
      does: async () => {
        const { email } = await anAccount(it.db.database, 'au1');
        await it.admin().mutate('passwordReset.request', { email });
        const [reset] = await ownerRows<{ id: string }>(
          it.db,
          'select reset_id as id from password_resets join admin_accounts using (admin_id) where email = $1',
          [email],
        );
        const token = linkToken(it.api.services.key, 'password reset', reset?.id ?? '');
        const finished = await it
          .admin()
          .mutate('passwordReset.finish', { token, password: 'quiet lamp under bridge' });
        return { email, status: finished.status };
      },
    },
    'account.finishSignIn': {
      action: 'signed_in',
      does: async () => {
        const { email, recoveryCodes } = await withSecondFactor();
        const client = it.admin();
        await client.mutate('account.signIn', { email, password: TEST_PASSWORD });
        return { email, status: (await client.mutate('account.finishSignIn', { code: recoveryCodes[0] })).status };
      },
    },
    // A secret that no app has shown a code of changes nothing yet.
    'secondFactor.begin': { action: 'signed_in', does: () => asOneself('secondFactor.begin', undefined) },
    'secondFactor.confirm': {
      action: 'second_factor_added',
      does: async () => ({ email: (await withSecondFactor()).email, status: 200 }),
    },
    'secondFactor.newCodes': {
      action: 'recovery_codes_made',
      does: async () => {
        const { email, client } = await withSecondFactor();
        return { email, status: (await client.mutate('secondFactor.newCodes')).status };
      },
    },
    'secondFactor.remove': {
      action: 'second_factor_removed',
      does: async () => {
        const { email, client } = await withSecondFactor();
        return { email, status: (await client.mutate('secondFactor.remove')).status };
      },
    },
    // What a browser is to sign changes nothing yet.
    'passkeys.begin': { action: 'signed_in', does: () => asOneself('passkeys.begin', undefined) },
    'passkeys.add': { action: 'passkey_added', does: () => withPasskeyAlso(async (by) => by) },
    'passkeys.rename': {
      action: 'passkey_renamed',
      does: () =>
        withPasskeyAlso(({ client, passkeyId }) => client.mutate('passkeys.rename', { passkeyId, name: 'Other' })),
    },
    'passkeys.remove': {
      action: 'passkey_removed',
      does: () => withPasskeyAlso(({ client, passkeyId }) => client.mutate('passkeys.remove', { passkeyId })),
    },
    'passkeys.beginSignIn': {
      action: 'passkey_added',
      does: () => withPasskeyAlso(() => it.admin().mutate('passkeys.beginSignIn')),
    },
    'passkeys.signIn': {
      action: 'signed_in_by_passkey',
      does: () =>
        withPasskeyAlso(async ({ answer }) => {
          const client = it.admin();
          return client.mutate('passkeys.signIn', { passkey: await answer(client, 'passkeys.beginSignIn') });
        }),
    },
    'passkeys.beginSecondStep': {
      action: 'passkey_added',
      does: () => withPasskeyAlso(async ({ email }) => (await halfSignedIn(email)).mutate('passkeys.beginSecondStep')),
    },
    'passkeys.finishSignIn': {
      action: 'signed_in',
      does: () =>
        withPasskeyAlso(async ({ email, answer }) => {
          const client = await halfSignedIn(email);
          return client.mutate('passkeys.finishSignIn', { passkey: await answer(client, 'passkeys.beginSecondStep') });
        }),
    },
    'passkeys.beginProof': {
      action: 'passkey_added',
      does: () => withPasskeyAlso(({ client }) => client.mutate('passkeys.beginProof')),
    },
    'passkeys.prove': {
      action: 'proved',
      does: () =>
        withPasskeyAlso(async ({ client, answer }) =>
          client.mutate('passkeys.prove', { passkey: await answer(client, 'passkeys.beginProof') }),
        ),
    },
    'emailChange.request': {
      action: 'email_change_requested',
      does: () => asOneself('emailChange.request', { email: 'another.au1@example.org' }),
    },
    'emailChange.drop': {
      action: 'email_change_dropped',
      does: async () => {
        const { email, client } = await signedInAnew();
        await client.mutate('emailChange.request', { email: `drop.${email}` });
        return { email, status: (await client.mutate('emailChange.drop')).status };
      },
    },
    'emailChange.confirm': {
      action: 'email_changed',
      does: async () => {
        const { email, client } = await signedInAnew();
        await client.mutate('emailChange.request', { email: `new.${email}` });
        const [change] = await ownerRows<{ id: string }>(
          it.db,
          'select change_id as id from email_changes where new_email = $1',
          [`new.${email}`],
        );
        const confirm = (which: 'old' | 'new') =>
          it.admin().mutate('emailChange.confirm', {
            token: linkToken(it.api.services.key, `e-mail change, ${which} address`, change?.id ?? ''),
          });
        await confirm('old');
        return { email: `new.${email}`, status: (await confirm('new')).status };
      },
    },
    'account.endSession': {
      action: 'session_ended',
      does: async () => {
        const { email, client } = await signedInAnew();
        const [first] = (await client.query('account.sessions')).value as { sessionId: string }[];
        return { email, status: (await client.mutate('account.endSession', { sessionId: first?.sessionId })).status };
      },
    },
    'account.endOtherSessions': {
      action: 'other_sessions_ended',
      does: () => asOneself('account.endOtherSessions', undefined),
    },
    'account.signOut': {
      action: 'signed_out',
      does: async () => {
        const { email } = await anAccount(it.db.database, 'au1');
        const client = it.admin();
        await client.mutate('account.signIn', { email, password: TEST_PASSWORD });
        return { email, status: (await client.mutate('account.signOut')).status };
      },
    },
  };
  const accountLog = (
    email: string,
    { db }: Pick<TestApi, 'db'> = it,
  ): Promise<{ action: string; request_id: string }[]> =>
    ownerRows(
      db,
      'select l.action, l.request_id from account_action_logs l join admin_accounts using (admin_id) where email = $1 order by l."timestamp", l.action_id',
      [email],
    );

  test.each(accountMutations)('AU1 · $path leaves its row in the account’s log', async (p) => {
    const known = ACCOUNT_DOES[p.path];
    if (!known) throw new Error(`${p.path} has no line in ACCOUNT_DOES`);
    const { email, status, in: another } = await known.does();
    expect(status).toBe(200);
    expect((await accountLog(email, another)).at(-1)).toEqual({
      action: known.action,
      request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    await another?.close();
  });

  const operatorMutations = all.filter((p) => p.type === 'mutation' && p.access.who === 'operator');
  test.each(operatorMutations)('AU1 · $path leaves its row in the log of the installation', async (p) => {
    const operator = await it.signedInAsOperator();
    const answer = await call(operator, p, inputOf(p, ids.a));
    expect([answer.status, answer.text.slice(0, 200)]).toEqual([200, expect.any(String)]);
    expect(
      await ownerRows(
        it.db,
        'select l.request_id from operator_action_logs l join admin_sessions s using (admin_id) where s.token_hash = sha256($1::bytea)',
        [Buffer.from(operator.cookies.get('souk-admin') ?? '')],
      ),
    ).toEqual([{ request_id: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
  });

  test('AU1 · a sign-in that is refused leaves its row too, and one for nobody leaves none', async () => {
    const { email } = await anAccount(it.db.database, 'au1');
    await it.admin().mutate('account.signIn', { email, password: 'wrong' });
    expect((await accountLog(email)).map((row) => row.action)).toEqual(['sign_in_refused']);
    const count = async () => (await ownerRows(it.db, 'select 1 from account_action_logs')).length;
    const before = await count();
    await it.admin().mutate('account.signIn', { email: 'nobody@example.org', password: 'wrong' });
    expect(await count()).toBe(before);
  });

  test('AU1 · no service changes anything yet; one that does needs a case here', () =>
    expect(services.filter((p) => p.type === 'mutation').map((p) => p.path)).toEqual([]));

  test('E07 · a session dies at signing out, and by revocation, everywhere at once', async () => {
    const { email } = await anAccount(it.db.database, 'e07');
    const [here, there] = [it.admin(), it.admin()];
    for (const client of [here, there]) await client.mutate('account.signIn', { email, password: TEST_PASSWORD });
    const stolen = at(here, undefined);
    expect((await stolen.query('account.me')).status).toBe(200);
    expect((await here.mutate('account.signOut')).status).toBe(200);
    expect((await stolen.query('account.me')).status).toBe(401);
    // Each session is one of its own: the other goes on until it is revoked.
    expect((await there.query('account.me')).status).toBe(200);
    await ownerRows(
      it.db,
      'update admin_sessions set revoked_at = now() where admin_id = (select admin_id from admin_accounts where email = $1) and revoked_at is null',
      [email],
    );
    expect((await there.query('account.me')).status).toBe(401);
    expect((await there.mutate('account.signOut')).status).toBe(401);
  });

  test('AU1 · an upload', async () => {
    const before = (await logged('imports.upload')).length;
    await readyImport();
    expect(await logged('imports.upload')).toHaveLength(before + 1);
  });

  test('V1 · a stale version is refused with both states', async () => {
    const input = await orderOf(true);
    const answer = await owner.mutate('orders.cancel', { ...input, version: 1, reason: 'other' });
    expect([answer.status, answer.refusal]).toEqual([
      409,
      { code: 'stale_version', message: expect.any(String), facts: { yours: 1, now: 2, status: 'confirmed' } },
    ]);
  });
});

test('nothing that was tried here made the server stumble', () =>
  expect(it.errors().map((line) => line.slice(0, 400))).toEqual([]));
