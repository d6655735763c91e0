import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkDueDomains } from '@souk/api/identity/check-domains';
import { domainLookup } from '@souk/api/identity/domain-lookup';
import { DOMAIN_LIMITS } from '@souk/domain/identity';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type HttpClient,
  type NameServer,
  type TestApi,
  type TestSite,
  checkOut,
  fillCart,
  httpClient,
  ownerRows,
  placeOrder,
  startNameServer,
  standAt,
  startTestApi,
  together,
  until,
} from '../index.ts';

/* Domains of a site's own: claimed by anybody, proved by a record alone, looked at again, let go. A real DNS server answers. */

const HOUR = 3_600_000;
let dns: NameServer;
let it: TestApi;
let site: TestSite;
let owner: HttpClient;
let name: string;
/** What the clock of the installation is ahead. */
let ahead = 0;
let n = 0;

beforeAll(async () => {
  dns = await startNameServer();
  it = await startTestApi({
    environment: { dnsServers: [dns.address], publicAddresses: ['192.0.2.10'] },
    now: () => new Date(Date.now() + ahead),
    // Looks at what is due are taken by the tests.
    dueEveryMs: 3_600_000,
  });
});
afterAll(async () => {
  expect(it.errors()).toEqual([]);
  await it.close();
  await dns.close();
});
beforeEach(async () => {
  ahead = 0;
  dns.failAll(undefined);
  n += 1;
  name = `shop-${n}.example`;
  site = await it.makeSite({ handle: `domains-${n}` });
  owner = await it.signedInAs(site, 'owner');
});

type Found = {
  record: string;
  values: string[];
  pointing: string;
  addresses: string[];
  cname?: string;
  isTaken: boolean;
};
type Record_ = { name: string; type: string; value: string };
type List = {
  mappings: {
    mappingId: string;
    domainName: string;
    unicodeName: string;
    status: string;
    isGiven: boolean;
    isPrimary: boolean;
    wasPrimary: boolean;
    graceEndsAt?: string;
    mayRemove: boolean;
    mayBecomePrimary: boolean;
    finding?: Found;
  }[];
  claims: {
    claimId: string;
    domainName: string;
    unicodeName: string;
    mixesScripts: boolean;
    isOver: boolean;
    record: Record_;
    finding?: Found;
  }[];
  pointTo: { addresses: string[]; cname?: string };
};
const list = async (by = owner): Promise<List> => (await by.query('domains.list')).value as List;
const mappingOf = async (domain = name, by = owner) =>
  (await list(by)).mappings.find((m) => m.domainName === domain) ?? expect.fail(`${domain} is not there`);

async function claimed(domain = name, by = owner): Promise<List['claims'][number]> {
  const answer = await by.mutate('domains.claim', { domain });
  if (answer.status !== 200) throw new Error(answer.text);
  const { claimId } = answer.value as { claimId: string };
  return (await list(by)).claims.find((c) => c.claimId === claimId) ?? expect.fail('the claim is not listed');
}
/** Looks at a claim; the turn of the one before is over. */
async function check(claimId: string, by = owner): Promise<{ outcome: string; finding?: Found }> {
  ahead += DOMAIN_LIMITS.secondsBetweenChecks * 1000;
  const answer = await by.mutate('domains.check', { claimId });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.value as { outcome: string; finding?: Found };
}
const prove = (record: Record_): void => dns.set(record.name, { txt: [record.value] });

/** A name that is the site's; its record stands in DNS. */
async function mapped(domain = name, by = owner): Promise<{ mappingId: string; record: Record_ }> {
  const { claimId, record } = await claimed(domain, by);
  prove(record);
  expect((await check(claimId, by)).outcome).toBe('verified');
  return { mappingId: (await mappingOf(domain, by)).mappingId, record };
}
async function makePrimary(mappingId: string, by = owner): Promise<void> {
  expect((await by.mutate('domains.makePrimary', { mappingId })).status).toBe(200);
}

const at = (host: string): HttpClient => httpClient(it.port, host);
/** The answer for a host once its site has been asked for anew. */
async function shown(host: string, path = '/products?page=2', expected = 200) {
  let answer = await at(host).get(path);
  for (let tries = 0; tries < 30 && answer.status !== expected; tries += 1) {
    await new Promise((done) => setTimeout(done, 100));
    answer = await at(host).get(path);
  }
  expect([host, answer.status]).toEqual([host, expected]);
  return answer;
}
/** Moves the clock and looks at whatever is due, batch after batch. Whoever is signed in stays so. */
async function pass(hours: number): Promise<void> {
  ahead += hours * HOUR;
  await ownerRows(
    it.db,
    "update admin_sessions set expires_at = now() + interval '1 year', last_seen_at = now() + interval '1 year', proved_at = now() + interval '1 year'",
  );
  while ((await checkDueDomains(it.api.services)) > 0);
}
const mails = (): { to: string; subject: string; text: string }[] => {
  const folder = join(it.home, 'mail');
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.json'))
        .map(
          (file) =>
            JSON.parse(readFileSync(join(folder, file), 'utf8')) as { to: string; subject: string; text: string },
        )
        .filter((mail) => mail.subject.includes(name))
    : [];
};
const actions = async (): Promise<string[]> =>
  (
    await ownerRows<{ action: string }>(
      it.db,
      "select action from admin_action_logs where site_id = $1 and action like 'domains.%' order by action_id",
      [site.siteId],
    )
  ).map(({ action }) => action);

describe('a claim', () => {
  test('names the exact record; what stands there instead is told; the right record makes the name the site’s', async () => {
    const { claimId, record } = await claimed(` HTTPS://${name.toUpperCase()}./ `);
    expect(record).toMatchObject({ name: `_souk-challenge.${name}`, type: 'TXT' });
    expect(record.value).toMatch(/^souk-site-verification=[\w-]{32}$/);
    expect((await check(claimId)).finding).toMatchObject({ record: 'no_name', values: [], isTaken: false });
    dns.set(record.name, { a: ['192.0.2.1'] });
    expect((await check(claimId)).finding).toMatchObject({ record: 'no_record' });
    dns.set(record.name, { txt: ['v=spf1 -all', `${record.value}x`] });
    expect((await check(claimId)).finding).toMatchObject({
      record: 'other',
      values: ['v=spf1 -all', `${record.value}x`],
    });
    expect((await list()).claims[0]?.finding).toMatchObject({ record: 'other' });
    await shown(name, '/', 404);
    // In pieces, as long records come, and with the quotes some providers keep.
    dns.set(record.name, { txt: ['something else', [`"${record.value.slice(0, 20)}`, `${record.value.slice(20)}" `]] });
    expect(await check(claimId)).toMatchObject({ outcome: 'verified', finding: { record: 'right' } });
    expect(await mappingOf()).toMatchObject({ status: 'verified', isPrimary: false, isGiven: false, mayRemove: true });
    expect((await list()).claims).toEqual([]);
    // It leads to the address that is the primary one so far.
    const led = await shown(name, '/products?page=2', 308);
    expect(led.headers.location).toBe(`http://${site.host}:${it.port}/products?page=2`);
    expect(await actions()).toEqual(['domains.claim', ...Array<string>(4).fill('domains.check')]);
  });

  test('is proved by the record alone: whoever lets a name lead here has proved nothing (H10)', async () => {
    const { claimId, record } = await claimed();
    dns.set(name, { a: ['192.0.2.10'] });
    dns.set(record.name, { cname: site.host });
    expect(await check(claimId)).toMatchObject({
      outcome: 'not_proved',
      finding: { record: 'no_record', pointing: 'records', addresses: ['192.0.2.10'] },
    });
    await shown(name, '/', 404);
    expect((await list()).pointTo).toEqual({ addresses: ['192.0.2.10'], cname: site.host });
  });

  test('is proved by its own record: neither that of another site’s claim nor of an earlier one will do (H10)', async () => {
    const other = await it.signedInAs(await it.makeSite({ handle: `domains-${n}-b` }), 'owner');
    const theirs = await claimed(name, other);
    const mine = await claimed();
    expect(mine.record.name).toBe(theirs.record.name);
    expect(mine.record.value).not.toBe(theirs.record.value);
    prove(theirs.record);
    expect(await check(mine.claimId)).toMatchObject({ outcome: 'not_proved', finding: { record: 'other' } });
    expect((await owner.mutate('domains.withdraw', { claimId: mine.claimId })).status).toBe(200);
    expect((await owner.mutate('domains.check', { claimId: mine.claimId })).refusal?.code).toBe('not_found');
    const again = await claimed();
    prove(mine.record);
    expect(await check(again.claimId)).toMatchObject({ outcome: 'not_proved' });
    // Claims of several hinder nobody.
    dns.set(mine.record.name, { txt: [theirs.record.value, again.record.value] });
    expect(await check(again.claimId)).toMatchObject({ outcome: 'verified' });
  });

  test.each(['SERVFAIL', 'REFUSED', 'silent'] as const)('says so when the name server fails: %s', async (fails) => {
    const { claimId, record } = await claimed();
    prove(record);
    dns.failAll(fails);
    expect(await check(claimId)).toMatchObject({ outcome: 'not_proved', finding: { record: 'no_answer' } });
    dns.failAll(undefined);
    expect(await check(claimId)).toMatchObject({ outcome: 'verified' });
  });

  test('is looked at once in ten seconds, by whoever asks', async () => {
    const { claimId } = await claimed();
    ahead += 60_000;
    const before = dns.asked.length;
    const answers = await together(20, () => owner.mutate('domains.check', { claimId }));
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1);
    expect(answers.filter((a) => a.refusal?.code === 'too_many_attempts' && a.status === 429)).toHaveLength(19);
    expect(dns.asked.length - before).toBeLessThanOrEqual(4);
  });

  test('is looked at by itself, and runs out after two weeks', async () => {
    const { claimId, record } = await claimed();
    await pass(1);
    expect((await list()).claims[0]?.finding).toMatchObject({ record: 'no_name' });
    prove(record);
    await pass(3);
    expect(await mappingOf()).toMatchObject({ status: 'verified' });
    expect(await actions()).toEqual(['domains.claim', 'domains.verify']);

    const second = await claimed(`two-${name}`);
    await pass(14 * 24 + 3);
    expect((await list()).claims).toMatchObject([{ claimId: second.claimId, isOver: true }]);
    prove(second.record);
    expect((await owner.mutate('domains.check', { claimId: second.claimId })).refusal?.code).toBe('not_found');
    await pass(24);
    await shown(`two-${name}`, '/', 404);
    expect(claimId).not.toBe(second.claimId);
  });

  test('what strangers write into their records is shown as a little plain text', async () => {
    const { claimId, record } = await claimed();
    dns.set(record.name, {
      txt: [
        Buffer.from([0, 1, 2, 255, 254, 65]),
        '\u202e<script>alert(1)</script>\r\n',
        Array.from({ length: 40 }, () => 'x'.repeat(250)),
        ...Array.from({ length: 40 }, (_, i) => `more ${i}`),
      ],
    });
    const { finding } = await check(claimId);
    expect(finding?.record).toBe('other');
    expect(finding?.values).toHaveLength(5);
    for (const value of finding?.values ?? []) {
      expect(value.length).toBeLessThanOrEqual(121);
      expect(value).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    expect((await list()).claims[0]?.finding?.values).toEqual(finding?.values);
  });
});

describe('what can be claimed', () => {
  test.each([
    ['127.0.0.1', 'address of a machine'],
    ['localhost', 'inside one network'],
    ['x.localhost', 'inside one network'],
    ['co.uk', 'others register'],
    ['github.io', 'others register'],
    ['shop', 'ending is missing'],
    ['not a domain.example', 'no domain'],
  ])('%s is refused in words', async (domain, words) => {
    const { refusal } = await owner.mutate('domains.claim', { domain });
    expect([refusal?.code, refusal?.field]).toEqual(['wrong_field', 'domain']);
    expect(refusal?.message).toContain(words);
  });

  test('a name that looks like another is shown as it is written, and that it mixes scripts (L03)', async () => {
    const claim = await claimed(`аpple-${n}.example`);
    expect(claim).toMatchObject({
      domainName: expect.stringMatching(/^xn--/),
      unicodeName: `аpple-${n}.example`,
      mixesScripts: true,
    });
    expect(await claimed(`bücher-${n}.example`)).toMatchObject({
      mixesScripts: false,
      unicodeName: `bücher-${n}.example`,
    });
  });

  test('nobody learns by claiming whether a name is somebody else’s: the answer is the same', async () => {
    await mapped();
    const other = await it.signedInAs(await it.makeSite({ handle: `domains-${n}-b` }), 'owner');
    const [theirs, nobodys] = [
      await other.mutate('domains.claim', { domain: name }),
      await other.mutate('domains.claim', { domain: `nobody-${name}` }),
    ];
    expect([theirs.status, nobodys.status]).toEqual([200, 200]);
    const { claims } = await list(other);
    expect(claims.map((c) => c.finding)).toEqual([undefined, undefined]);
    for (const claim of claims) expect((await check(claim.claimId, other)).finding).toMatchObject({ isTaken: false });
    // The site’s own is no secret to it.
    expect((await owner.mutate('domains.claim', { domain: name })).refusal?.message).toContain('already');
  });

  test('a site has a bounded number of claims open', async () => {
    for (let i = 0; i < DOMAIN_LIMITS.open; i += 1) await claimed(`n${i}-${name}`);
    expect((await owner.mutate('domains.claim', { domain: name })).refusal?.message).toContain('wait for their proof');
    expect((await owner.mutate('domains.claim', { domain: `n0-${name}` })).refusal?.code).toBe('wrong_field');
  });
});

describe('one name, two sites', () => {
  test('I1 C14 · of ten sites that prove one name at the same moment one has it, and the others are told', async () => {
    const rivals = await Promise.all(
      Array.from({ length: 10 }, async (_, i) => it.signedInAs(await it.makeSite({ handle: `d${n}r${i}` }), 'owner')),
    );
    const claims = await Promise.all(rivals.map((rival) => claimed(name, rival)));
    dns.set(`_souk-challenge.${name}`, { txt: claims.map((c) => c.record.value) });
    ahead += 60_000;
    const answers = await Promise.all(
      rivals.map((rival, i) => rival.mutate('domains.check', { claimId: claims[i]?.claimId })),
    );
    const outcomes = answers.map((a) => (a.value as { outcome: string }).outcome);
    expect(outcomes.toSorted()).toEqual([...Array<string>(9).fill('taken'), 'verified']);
    expect(await ownerRows(it.db, 'select 1 from domain_mappings where domain_name = $1', [name])).toHaveLength(1);
    // Whoever was told waits on, with the same record.
    const loser = rivals[outcomes.indexOf('taken')] ?? expect.fail();
    expect((await list(loser)).claims).toMatchObject([{ domainName: name, isOver: false, finding: { isTaken: true } }]);
  });

  test('a name that was sold: the new site proves it, the old one loses it after its grace, and the waiting claim gets it', async () => {
    await mapped();
    const next = await it.makeSite({ handle: `domains-${n}-b` });
    const buyer = await it.signedInAs(next, 'owner');
    const claim = await claimed(name, buyer);
    prove(claim.record);
    expect(await check(claim.claimId, buyer)).toMatchObject({ outcome: 'taken', finding: { isTaken: true } });
    // The old holder is looked at at once, and not only tomorrow.
    await pass(0.01);
    expect(await mappingOf()).toMatchObject({ status: 'grace' });
    for (let hours = 0; hours < 80; hours += 4) await pass(4);
    expect(await mappingOf(name, buyer)).toMatchObject({ status: 'verified' });
    expect(await mappingOf()).toMatchObject({ status: 'released', mayRemove: false });
    const { mappingId } = await mappingOf(name, buyer);
    await makePrimary(mappingId, buyer);
    expect((await shown(name)).text).toContain(next.handle);
  });
});

describe('a record that vanishes (H10)', () => {
  test('gives 72 hours in which the shop is served as it was; back in time, all is as before', async () => {
    const { mappingId, record } = await mapped();
    await makePrimary(mappingId);
    await shown(name);
    dns.set(record.name, undefined);
    await pass(25);
    expect(await mappingOf()).toMatchObject({ status: 'grace', isPrimary: false, wasPrimary: true });
    // Links in mails lead where the shop will be in any case; who comes to the domain is served there.
    expect((await mappingOf(site.host)).isPrimary).toBe(true);
    await new Promise((done) => setTimeout(done, 1100));
    await shown(name);
    await shown(site.host);
    await until('the owners are told', () => mails().length >= 2);
    const told = mails();
    const owners = await ownerRows<{ email: string }>(
      it.db,
      "select a.email from admin_accounts a join admin_site_memberships m using (admin_id) join roles r using (site_id, role_id) where m.site_id = $1 and r.role_name = 'owner'",
      [site.siteId],
    );
    expect(told.map((mail) => mail.to).toSorted()).toEqual(owners.map((o) => o.email).toSorted());
    expect(told[0]?.text).toContain(record.value);
    await pass(60);
    expect(await mappingOf()).toMatchObject({ status: 'grace' });
    prove(record);
    await pass(2);
    expect(await mappingOf()).toMatchObject({ status: 'verified', isPrimary: true });
    expect((await shown(site.host, '/products?a=1', 308)).headers.location).toBe(
      `http://${name}:${it.port}/products?a=1`,
    );
    expect(await actions()).toEqual([
      'domains.claim',
      'domains.check',
      'domains.makePrimary',
      'domains.lose',
      'domains.find',
    ]);
    expect(mails()).toHaveLength(2);
  });

  test('and stays away: the name is nobody’s, and whoever wants it, the same site too, proves it with a new record', async () => {
    const { record } = await mapped();
    dns.set(record.name, { txt: ['something else'] });
    await pass(25);
    expect((await mappingOf()).finding).toMatchObject({ record: 'other', values: ['something else'] });
    await until('the owners are told', () => mails().length === 2);
    expect((await owner.query('dashboard.firstSteps')).value).toMatchObject({
      domainInGrace: name,
      hasOwnDomain: false,
    });
    for (let hours = 0; hours < 76; hours += 4) await pass(4);
    expect(await mappingOf()).toMatchObject({ status: 'released' });
    await shown(name, '/', 404);
    await until('the owners are told twice', () => mails().length === 4);
    // Dangling: the old record is set again, and worth nothing.
    prove(record);
    await pass(48);
    await shown(name, '/', 404);
    const again = await claimed();
    expect(again.record.value).not.toBe(record.value);
    expect(await check(again.claimId)).toMatchObject({ outcome: 'not_proved' });
    prove(again.record);
    expect(await check(again.claimId)).toMatchObject({ outcome: 'verified' });
  });

  test('no answer takes nobody’s name away, however long it lasts', async () => {
    await mapped();
    dns.failAll('SERVFAIL');
    for (let day = 0; day < 10; day += 1) await pass(24);
    expect(await mappingOf()).toMatchObject({ status: 'verified', finding: { record: 'no_answer' } });
    dns.failAll(undefined);
  });

  test('a person who has set it again need not wait', async () => {
    const { mappingId, record } = await mapped();
    dns.set(record.name, undefined);
    await pass(25);
    expect((await owner.mutate('domains.makePrimary', { mappingId })).refusal?.code).toBe('domain_not_active');
    prove(record);
    ahead += 60_000;
    const answer = await owner.mutate('domains.checkAgain', { mappingId });
    expect(answer.value).toMatchObject({ status: 'verified', finding: { record: 'right' } });
    await makePrimary(mappingId);
  });

  test('a person who chose another address meanwhile keeps it', async () => {
    const [first, second] = [await mapped(), await mapped(`two-${name}`)];
    await makePrimary(first.mappingId);
    dns.set(first.record.name, undefined);
    await pass(25);
    await makePrimary(second.mappingId);
    prove(first.record);
    await pass(2);
    expect(await mappingOf()).toMatchObject({ status: 'verified', isPrimary: false });
    expect(await mappingOf(`two-${name}`)).toMatchObject({ isPrimary: true });
  });

  test('looks that are due are shared: of two processes each name is looked at by one, and one that fails keeps no other', async () => {
    await mapped();
    await mapped(`two-${name}`);
    await pass(0);
    ahead += 25 * HOUR;
    dns.asked.length = 0;
    const counts = await Promise.all([checkDueDomains(it.api.services), checkDueDomains(it.api.services)]);
    expect(counts[0] + counts[1]).toBeGreaterThanOrEqual(2);
    expect(dns.asked.filter((one) => one === `TXT _souk-challenge.${name}`)).toHaveLength(1);
    expect(dns.asked.filter((one) => one === `TXT _souk-challenge.two-${name}`)).toHaveLength(1);
  });
});

describe('the primary address (I1)', () => {
  test('the others lead to it, path and query kept, and no browser remembers it', async () => {
    const { mappingId } = await mapped();
    await makePrimary(mappingId);
    await shown(name);
    const led = await shown(site.host, '/products/x?a=1&b=%2F%20%C3%BC', 308);
    expect(led.headers).toMatchObject({
      location: `http://${name}:${it.port}/products/x?a=1&b=%2F%20%C3%BC`,
      'cache-control': 'no-store',
    });
    expect((await at(site.host).send('/products', { method: 'HEAD' })).status).toBe(308);
    // Never out of the shop, whatever the path.
    for (const path of ['//evil.example/x', '/\\evil.example', '/%0d%0aX:%20y', '/@evil.example'])
      expect(
        (await at(site.host).send('/', { target: path })).headers.location ?? `http://${name}:${it.port}/`,
      ).toMatch(new RegExp(`^http://${name}:${it.port}/`));
  });

  test('whoever has a cart where the shop was before finishes there; a form that was open there is not lost', async () => {
    const visitor = it.visitor(site);
    const line = [{ variantId: site.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }];
    await fillCart(visitor, line);
    const { mappingId } = await mapped();
    await makePrimary(mappingId);
    await shown(site.host, '/', 308);
    expect((await visitor.get('/cart')).status).toBe(200);
    const placed = await checkOut(visitor, site, line);
    expect((placed.value as { redirectUrl: string }).redirectUrl).toContain(it.sandboxOrigin);
    // A page that was open since before: its form makes a cart, and the cart is shown.
    const late = it.visitor(site);
    const put = await late.form('/cart/items', { variantId: line[0]?.variantId ?? '', quantity: '1' });
    expect(put.status).toBe(303);
    expect((await late.get(new URL(put.headers.location ?? '', `http://${site.host}`).pathname)).status).toBe(200);
  });

  test('a payment that was left is begun again with the way back it was begun with', async () => {
    const line = [{ variantId: site.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }];
    const placed = await placeOrder(it, site, line);
    // A crash between the provider's answer and our note of it.
    await ownerRows(it.db, 'update payments set provider_reference = null, redirect_url = null where payment_id = $1', [
      placed.paymentId,
    ]);
    const { mappingId } = await mapped();
    await makePrimary(mappingId);
    await shown(name);
    const again = await at(name).form(`${placed.orderPath}/pay`, {});
    expect([again.status, again.headers.location]).toEqual([303, placed.redirectUrl]);
    // A new order knows the new address.
    const fresh = it.visitor({ ...site, host: name });
    const second = await placeOrder(it, site, line, {}, fresh);
    expect(
      await ownerRows(it.db, 'select return_origin from payments where payment_id = any($1) order by created_at', [
        [placed.paymentId, second.paymentId],
      ]),
    ).toEqual(
      [`http://${site.host}:${it.port}`, `http://${name}:${it.port}`].map((return_origin) => ({ return_origin })),
    );
  });

  test('C14 · it is switched by ten at once, and there is one', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) ids.push((await mapped(`p${i}-${name}`)).mappingId);
    const answers = await together(10, (i) => owner.mutate('domains.makePrimary', { mappingId: ids[i % 5] }));
    expect(answers.map((a) => a.status)).toEqual(Array(10).fill(200));
    expect((await list()).mappings.filter((m) => m.isPrimary)).toHaveLength(1);
  });

  test('is removed: the address that came with the site stands in, and never goes itself', async () => {
    const { mappingId, record } = await mapped();
    await makePrimary(mappingId);
    const given = await mappingOf(site.host);
    expect(given).toMatchObject({ isGiven: true, mayRemove: false });
    expect((await owner.mutate('domains.remove', { mappingId: given.mappingId })).refusal?.code).toBe('domain_stays');
    expect((await owner.mutate('domains.remove', { mappingId })).status).toBe(200);
    expect(await mappingOf(site.host)).toMatchObject({ isPrimary: true });
    await shown(name, '/', 404);
    await shown(site.host);
    expect((await owner.mutate('domains.remove', { mappingId })).refusal?.code).toBe('not_found');
    // Its record is used up.
    expect((await claimed()).record.value).not.toBe(record.value);
    expect((await owner.mutate('domains.makePrimary', { mappingId })).refusal?.code).toBe('not_found');
  });
});

describe('what a proxy asks before it gets a certificate (H10)', () => {
  const ask = async (domain: string, headers: Record<string, string> = {}, host = '127.0.0.1'): Promise<number> =>
    (await httpClient(it.port, host, { headers }).get(`/internal/tls-ask?domain=${encodeURIComponent(domain)}`)).status;
  const becomes = async (domain: string, status: number): Promise<void> =>
    expect.poll(() => ask(domain), { timeout: 3000, interval: 100 }).toBe(status);

  test('only names that lead to a site are answered with yes', async () => {
    await claimed();
    expect(await ask(name)).toBe(404);
    const { mappingId, record } = await mapped(`two-${name}`);
    await becomes(`two-${name}`, 200);
    expect(await ask(`TWO-${name}.`)).toBe(200);
    dns.set(record.name, undefined);
    await pass(25);
    await becomes(`two-${name}`, 200);
    await owner.mutate('domains.remove', { mappingId });
    await becomes(`two-${name}`, 404);
    for (const wrong of [
      '',
      'x',
      '..',
      `${name}/x`,
      `x.${name}`,
      '127.0.0.1',
      site.host,
      'admin.localhost',
      "' or 1=1",
      'a'.repeat(5000),
    ])
      expect([wrong, await ask(wrong)]).toEqual([wrong, 404]);
    expect((await httpClient(it.port, '127.0.0.1').get('/internal/tls-ask')).status).toBe(404);
    expect((await httpClient(it.port, '127.0.0.1').post(`/internal/tls-ask?domain=two-${name}`, {})).status).toBe(404);
  });

  test('H10 · an archived site takes no name any more that it had asked for', async () => {
    const { record } = await claimed();
    prove(record);
    await standAt(it.db, site.siteId, 'archived');
    await pass(2);
    expect(await ownerRows(it.db, 'select 1 from domain_mappings where domain_name = $1', [name])).toEqual([]);
  });

  test('a suspended site keeps its certificates, an archived one gets none', async () => {
    await mapped();
    await becomes(name, 200);
    await standAt(it.db, site.siteId, 'suspended');
    await new Promise((done) => setTimeout(done, 1100));
    expect(await ask(name)).toBe(200);
    await standAt(it.db, site.siteId, 'archived');
    await becomes(name, 404);
  });

  test('only the proxy itself is answered: what it passes on for somebody is not its question', async () => {
    await mapped();
    await becomes(name, 200);
    expect(await ask(name, { 'x-forwarded-for': '203.0.113.7' })).toBe(404);
    expect(await ask(name, { forwarded: 'for=203.0.113.7' })).toBe(404);
  });

  test('made-up names do not reach the database without end', async () => {
    const answers = await together(400, (i) => ask(`flood-${i}.example`));
    expect(answers.filter((status) => status === 503).length).toBeGreaterThan(50);
    expect(answers.filter((status) => status === 404).length).toBeGreaterThan(50);
  });
});

test('only who may change the site’s settings sees and changes its domains', async () => {
  const { mappingId } = await mapped();
  const manager = await it.signedInAs(site, 'manager');
  expect((await manager.query('domains.list')).refusal?.code).toBe('permission_missing');
  expect((await manager.mutate('domains.makePrimary', { mappingId })).refusal?.code).toBe('permission_missing');
  const stranger = await it.signedInAs(await it.makeSite({ handle: `domains-${n}-b` }), 'owner');
  for (const procedure of ['makePrimary', 'remove', 'checkAgain'])
    expect((await stranger.mutate(`domains.${procedure}`, { mappingId })).refusal?.code).toBe('not_found');
});

test('the resolver that is asked is the one of the configuration, over TCP where an answer is long', async () => {
  const lookup = domainLookup([dns.address]);
  dns.set('long.example', { txt: Array.from({ length: 40 }, (_, i) => `${i}-${'y'.repeat(200)}`) });
  const answer = await lookup.txt('long.example');
  expect(answer.kind === 'records' && answer.values.length).toBe(40);
  expect(await lookup.addresses('nothing.example')).toEqual({ kind: 'no_name' });
});
