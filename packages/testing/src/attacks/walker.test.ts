import { adminRouter } from '@souk/api/admin-router';
import { serviceRouter } from '@souk/api/service-router';
import { countRoundTrips } from '@souk/db';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LONG_ATTACKS, rounds } from '../attack-rounds.ts';
import {
  type Answer,
  type HttpClient,
  type TestApi,
  type TestSite,
  TEST_PASSWORD,
  anAccount,
  checkoutFields,
  fillCart,
  httpClient,
  ownerRows,
  placeOrder,
  seededRandom,
  startTestApi,
  tally,
  twoSiteScene,
  until,
} from '../index.ts';
import { type Known, NAUGHTY_STRINGS, NAUGHTY_STRINGS_FILE, asJson, mutatedInput, validInput } from '../made-inputs.ts';
import { fieldNames, isIdText, looseEnds, textPlaces, withPlace } from '../schema-walk.ts';
import { settled } from '../settled.ts';
import { siteDigest, siteIds } from '../site-digest.ts';
import { ALL_PROCEDURES, type WalkedProcedure } from '../walked-procedures.ts';

/*
 * Inputs are made from the schemas of the routers, for every procedure of every audience: there is no list of inputs to
 * keep, and a procedure that was added yesterday is attacked today. SOUK_ATTACK_ROUNDS=long sends 200 valid and 200
 * mutated inputs to each, `npm test` 40 and 40.
 */

const EACH = rounds(40, 200);
const UNKNOWN = '01930000-0000-7000-8000-0000000000aa';
const ALSO_UNKNOWN = '01930000-0000-7000-8000-0000000000bb';

let it: TestApi;
let a: TestSite;
let b: TestSite;
let owner: HttpClient;
let operator: HttpClient;
let spare: TestSite;
let known: Known;
let ofB: { readonly ids: Readonly<Record<string, readonly string[]>>; readonly texts: readonly string[] };
/** What stands in no answer to a caller of A. */
let forbidden: readonly string[];
/** What a site is known by to whoever runs the installation. */
let siteWords: ReadonlySet<string>;

const textsOf = async (site: TestSite): Promise<string[]> =>
  (
    await ownerRows<{ text: string }>(
      it.db,
      `select slug as text from slugs where site_id = $1 union select order_number from orders where site_id = $1 union select title from products where site_id = $1
        union select domain_name from domain_mappings where site_id = $1 union select handle from sites where site_id = $1 union select name from sites where site_id = $1`,
      [site.siteId],
    )
  ).map(({ text }) => text);

beforeAll(async () => {
  if (NAUGHTY_STRINGS.length === 0)
    process.stdout.write(
      `E03: the naughty strings are not tried: there is no ${NAUGHTY_STRINGS_FILE} beside the checkout\n`,
    );
  // What is due is left alone: in B nothing moves but by these attacks.
  it = await startTestApi({ dueEveryMs: 3_600_000 });
  ({ a, b } = await twoSiteScene(it));
  owner = await it.signedInAs(a, 'owner');
  operator = await it.signedInAsOperator();
  spare = await it.makeSite({ handle: 'spare' });
  await makeThingsToActOn();
  const account = await anAccount(it.db.database, 'walker');
  // With a second factor, so that there is one to take away.
  await ownerRows(
    it.db,
    `insert into admin_authenticators (authenticator_id, admin_id, kind, secret_sealed, last_step, created_at, confirmed_at)
      values (gen_random_uuid(), $1, 'totp', '\\x00', 0, now(), now())`,
    [account.adminId],
  );
  known = {
    ids: { ...(await siteIds(it, a.siteId)), membership_id: await removable(), api_key_id: await spareKeys() },
    texts: await textsOf(a),
    named: {
      email: [account.email],
      domain: ['walker.example', 'other.walker.example'],
      password: [TEST_PASSWORD],
      slug: a.products.map(({ slug }) => slug),
      // One piece of the first variant, and its parcel.
      expectedTotal: ['15.00'],
      handle: Array.from({ length: 200 }, (_, n) => `made-${n}`),
      country: ['DE', 'JP'],
      currency: ['EUR'],
      taxPercent: ['19', '8,1', '0'],
      shippingPrice: ['0', '4.90'],
      timeZone: ['Europe/Berlin', 'Asia/Tokyo'],
      lowStockAt: ['3'],
      step: ['suspend', 'resume'],
      contactEmail: ['ada@example.org', ''],
    },
  };
  ofB = { ids: await siteIds(it, b.siteId), texts: await textsOf(b) };
  // Their own log names the rows in it.
  const deeds = await ownerRows<{ action_id: string }>(it.db, 'select action_id from operator_action_logs');
  siteWords = new Set([
    ...[a, b].flatMap((site) => [site.siteId, site.handle, site.host, site.site.name]),
    ...deeds.map((deed) => deed.action_id),
  ]);
  const mine = new Set([...Object.values(known.ids).flat(), ...known.texts]);
  forbidden = [
    ...Object.values(ofB.ids).flat(),
    ...ofB.texts,
    ...[a, b].flatMap((site) => [site.credential.apiKey, site.credential.noticeSecret, site.apiKey.slice(-43)]),
    '$argon2',
    'whsec_',
    'sandbox_key_',
  ].filter((word) => !mine.has(word));
  // What the scene has begun is finished first, so that nothing moves in B but by these attacks.
  await settled(it.db);
});
afterAll(() => it.close());

/** Files that are ready and orders that are paid, so that a made input now and then does something. */
async function makeThingsToActOn(): Promise<void> {
  for (let i = 0; i < 4; i += 1) {
    const uploaded = await owner.send(`/s/${a.handle}/uploads/product-imports?name=walker.csv`, {
      method: 'POST',
      body: `Handle,Title,Variant Price,Variant SKU\nwalker-${i},Lamp,10.00,W${i}\n`,
      headers: { 'content-type': 'text/csv' },
    });
    expect(uploaded.status).toBe(201);
    const placed = await placeOrder(it, a, [{ variantId: a.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }]);
    await it.notify(a, { type: 'payment.captured', paymentId: placed.paymentId, amount: placed.total });
  }
  await until(
    'the files are looked at',
    async () =>
      (
        await ownerRows(
          it.db,
          "select 1 from product_imports where site_id = $1 and file_name = 'walker.csv' and status = 'ready'",
          [a.siteId],
        )
      ).length === 4,
    20,
  );
}

/** People whom an input may remove: were it whoever asks, all that is asked afterwards would be refused. */
async function removable(): Promise<string[]> {
  for (let i = 0; i < 6; i += 1) await it.signedInAs(a, 'viewer');
  const found = await ownerRows<{ membership_id: string }>(
    it.db,
    "select m.membership_id from admin_site_memberships m join roles r using (site_id, role_id) where m.site_id = $1 and r.role_name = 'viewer'",
    [a.siteId],
  );
  return found.map((m) => m.membership_id);
}

/** Keys that an input may end or renew: the one that services are called with is not among them. */
const spareKeys = (): Promise<string[]> =>
  Promise.all(
    Array.from({ length: 6 }, async (_, i) => {
      const answer = await owner.mutate('keys.create', { name: `Spare ${i}`, permissions: ['VIEW_ORDERS'] });
      return (answer.value as { apiKeyId: string }).apiKeyId;
    }),
  );

/** As if the key had not been used this minute: a call refused for being one too many tells nothing of its input. */
const freshKey = (): Promise<unknown> => ownerRows(it.db, 'delete from api_key_uses');

/**
 * Who calls: somebody who may, so that the input is what is refused. A mutation of one's own account ends the session it is
 * made with, and whoever leaves the site is gone.
 */
async function callerOf({ access, type, path }: WalkedProcedure): Promise<HttpClient> {
  if (['team.leave', 'team.transferOwnership'].includes(path)) return it.signedInAs(a, 'owner');
  switch (access.audience) {
    case 'admin':
      if (access.who === 'operator') return operator;
      // Their site is one that nobody else works in: hundreds of people more would only slow what is done to A's team.
      return access.who === 'member' || type === 'query' ? owner : it.signedInAs(spare, 'owner');
    case 'service':
      await freshKey();
      return it.service(a.apiKey);
    case 'storefront': {
      const visitor = it.visitor(a);
      if (type === 'mutation')
        await fillCart(visitor, [{ variantId: a.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }]);
      return visitor;
    }
  }
}

/** Sends JSON as it stands, so that what no client would write arrives as it was meant. */
const sendJson = (client: HttpClient, { path, type }: WalkedProcedure, json: string | undefined): Promise<Answer> =>
  type === 'query'
    ? client.get(`/trpc/${path}${json === undefined ? '' : `?input=${encodeURIComponent(json)}`}`)
    : client.send(`/trpc/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        ...(json === undefined ? {} : { body: json }),
      });

const STACK = /\bat [\w.<>[\] ]+ \((file|node):|node_modules|\.[jt]s:\d+:\d+/;
const SQL =
  /syntax error at|violates [\w-]+ constraint|invalid input syntax|relation "|column "|pg_catalog|current transaction is aborted|QueryFailed|DriverException|ViolationException|could not serialize|deadlock detected|unsupported Unicode escape/i;

/** Who calls outside any site; nothing for a procedure of a site. */
const siteless = ({ access }: WalkedProcedure): string =>
  access.audience === 'admin' && access.who !== 'member' ? access.who : '';

/** What is wrong with an answer, whatever was asked. What the caller sent may come back to them. */
function faults(p: WalkedProcedure, answer: Answer, ms: number, sent: string): string[] {
  const { status, text } = answer;
  // Who runs the installation knows its sites by name; what is in them is as hidden from them as from anybody.
  const hidden = siteless(p) === 'operator' ? forbidden.filter((word) => !siteWords.has(word)) : forbidden;
  const leaked = hidden.filter((word) => text.includes(word) && !sent.includes(word));
  return [
    ...(status >= 500 ? [`answered ${status}`] : []),
    ...(ms > 2_000 ? [`took ${Math.round(ms)} ms`] : []),
    ...(STACK.test(text) ? ['a stack trace'] : []),
    ...(SQL.test(text) && !SQL.test(sent) ? ['words of the database'] : []),
    ...leaked.map((word) => `leaked ${word}`),
    // Nobody but the people of a site reads who bought there.
    ...(p.access.audience !== 'admin' && /ada@example\.org/.test(text) && !sent.includes('ada@') ? ['an e-mail'] : []),
  ];
}

/** What was taken out of the shop by an attack before is put in again, so that the next one finds something. */
const publishAll = (): Promise<unknown> =>
  owner.mutate('products.publish', { productIds: a.products.map(({ productId }) => productId) });

async function attack(p: WalkedProcedure, json: string | undefined): Promise<{ answer: Answer; faults: string[] }> {
  const client = await callerOf(p);
  const startedAt = performance.now();
  const answer = await sendJson(client, p, json);
  return { answer, faults: faults(p, answer, performance.now() - startedAt, json ?? '') };
}

/** What an input may hold: whoever runs the installation closes sites, and so gets one that nobody else needs. */
const knownTo = (p: WalkedProcedure): Known =>
  siteless(p) === 'operator'
    ? { ...known, ids: { ...known.ids, site_id: [spare.siteId], admin_id: [UNKNOWN] } }
    : known;

/** A few at a time, as visitors come. */
async function some<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items];
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
    }),
  );
}

describe('E03 · inputs made from the schemas', () => {
  test.each(ALL_PROCEDURES)('E03 · $name, valid inputs', async (p) => {
    const random = seededRandom(`E03 valid ${p.name}`);
    await publishAll();
    const inputs = Array.from({ length: p.input ? EACH : 3 }, () =>
      p.input ? (validInput(random, knownTo(p), p.input) ?? {}) : undefined,
    );
    const found: string[] = [];
    const statuses: number[] = [];
    await some(
      inputs.map((input) => ({ input })),
      async ({ input }) => {
        const json = asJson(input);
        const { answer, faults: wrong } = await attack(p, json);
        statuses.push(answer.status);
        found.push(...wrong.map((fault) => `${fault}: ${json?.slice(0, 300)} → ${answer.text.slice(0, 300)}`));
      },
    );
    expect(found).toEqual([]);
    const counts = tally(statuses);
    process.stdout.write(`E03 valid ${p.name}: ${JSON.stringify(counts)}\n`);
    // Made inputs that never get anywhere would prove nothing.
    if (p.type === 'query') expect(counts['200'] ?? 0).toBeGreaterThan(0);
    else expect(Object.keys(counts).some((status) => status !== '400')).toBe(true);
  });

  test.each(ALL_PROCEDURES)('E03 · $name, mutated inputs', async (p) => {
    const random = seededRandom(`E03 mutated ${p.name}`);
    const found: string[] = [];
    await some(
      Array.from({ length: EACH }, () => mutatedInput(random, knownTo(p), p.input)),
      async ({ how, input }) => {
        const json = asJson(input);
        const { answer, faults: wrong } = await attack(p, json);
        found.push(...wrong.map((fault) => `${how} · ${fault}: ${json?.slice(0, 300)} → ${answer.text.slice(0, 300)}`));
      },
    );
    expect(found).toEqual([]);
  });

  test('E03 E04 · nothing that was sent has reached a prototype', () => {
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe('E02 · ids and names of another site, one at a time', () => {
  // Fields that were left out are put in: a cursor is an input too.
  const placesOf = (p: WalkedProcedure) => {
    const seen = new Map<string, { readonly base: unknown; readonly place: ReturnType<typeof textPlaces>[number] }>();
    const random = seededRandom(`E02 places ${p.name}`);
    for (let i = 0; p.input && i < 30; i += 1) {
      const base = validInput(random, knownTo(p), p.input);
      // One place of a list stands for all of them.
      for (const place of textPlaces(p.input, base))
        seen.set(place.path.filter((step) => typeof step === 'string').join('.'), { base, place });
    }
    return [...seen.values()];
  };
  const shown = (text: string, ...echoed: readonly string[]): string =>
    echoed
      .reduce((out, word) => out.replaceAll(word, '…'), text)
      // What was asked for comes back inside a download's address, sealed with the time.
      .replaceAll(/"(timestamp|updatedAt)":"[^"]*"|ticket=[^"]*/g, '');

  // Before one has signed in there is no site yet, and so no other one; who runs the installation is in none.
  const inASite = ALL_PROCEDURES.filter((p) => p.input && !['anyone', 'operator'].includes(siteless(p)));
  test.each(inASite)(
    'E02 · $name',
    async (p) => {
      await publishAll();
      const before = await siteDigest(it, b.siteId);
      const client = p.type === 'query' || p.access.who === 'member' ? await callerOf(p) : undefined;
      const ask = async (base: unknown, path: readonly (string | number)[], to: string): Promise<Answer> =>
        sendJson(client ?? (await callerOf(p)), p, asJson(withPlace(base, path, to)));
      let tried = 0;
      for (const { base, place } of placesOf(p)) {
        const isId = isIdText(place.schema);
        const foreign = isId
          ? Object.entries(ofB.ids).map(([kind, values]) => [kind, values[0] ?? UNKNOWN] as const)
          : ofB.texts.map((text) => ['name', text] as const);
        // A text that a mutation takes is what somebody calls themselves: no name of a thing.
        if (!isId && p.type === 'mutation') continue;
        for (const [kind, value] of foreign) {
          if (!place.schema.safeParse(value).success || known.texts.includes(value)) continue;
          // What stands beside it in every order, so that a cursor begins at the same place, and is nowhere.
          const nothing = `${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}`;
          if (Object.values(ofB.ids).flat().includes(nothing)) continue;
          tried += 1;
          // What a mutation does to A's own ids beside the foreign one is done once, before the two are compared.
          if (p.type === 'mutation') await ask(base, place.path, nothing);
          const [theirs, nobodys] = [await ask(base, place.path, value), await ask(base, place.path, nothing)];
          const at = `${place.path.join('.')} ← ${kind}`;
          expect([at, shown(theirs.text, value)]).toEqual([at, shown(nobodys.text, nothing)]);
          expect([at, forbidden.filter((word) => word !== value && theirs.text.includes(word))]).toEqual([at, []]);
        }
        if (isId)
          expect(shown((await ask(base, place.path, ALSO_UNKNOWN)).text, ALSO_UNKNOWN)).toBe(
            shown((await ask(base, place.path, UNKNOWN)).text, UNKNOWN),
          );
      }
      process.stdout.write(`E02 ${p.name}: ${tried} foreign values\n`);
      expect(await siteDigest(it, b.siteId)).toEqual(before);
    },
    120_000,
  );
});

describe('E02 · forms and files', () => {
  /** Addresses outside tRPC that take an id, and how one is put in. */
  const DOORS: readonly (readonly [string, (id: string) => Promise<Answer>])[] = [
    [
      'the variant put into a cart',
      (id) => shop().form('/cart/items', { variantId: id, quantity: '1' }, { accept: 'application/json' }),
    ],
    ['the line of a cart', (id) => shop().form(`/cart/items/${id}`, { quantity: '2' }, { accept: 'application/json' })],
    [
      'the way of sending',
      async (id) => (await withCart()).form('/checkout', { ...formFields(), shippingMethodId: id }),
    ],
    ['the way of paying', async (id) => (await withCart()).form('/checkout', { ...formFields(), paymentConfigId: id })],
    ['the variant of a page', (id) => shop().get(`/products/${a.products[0]?.slug}?variant=${id}`)],
    ['the order of a link', (id) => shop().get(`/orders/${id}`)],
    ['the report of an import', (id) => owner.get(`/s/${a.handle}/downloads/product-imports/${id}/report.csv`)],
    ['the configuration of a notice', (id) => it.service().post(`/webhooks/payments/${id}`, {})],
  ];
  const shop = (): HttpClient => it.visitor(a);
  const withCart = async (): Promise<HttpClient> => {
    const visitor = shop();
    await fillCart(visitor, [{ variantId: a.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }]);
    return visitor;
  };
  const formFields = () => checkoutFields(a, [{ variantId: a.products[0]?.variants[0]?.variantId ?? '', quantity: 1 }]);
  /** What differs between any two answers: the time, and what was sent. */
  const shown = (text: string, id: string): string =>
    text.replaceAll(id, '…').replaceAll(/idempotency[^,}]*|"key":"[^"]*"|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '');

  test.each(DOORS)('E02 · %s', async (what, send) => {
    await publishAll();
    const before = await siteDigest(it, b.siteId);
    for (const [kind, [id = UNKNOWN]] of Object.entries(ofB.ids)) {
      // A provider calls with the id of a configuration alone: that is how its site is found. It then has to prove itself.
      if (what === 'the configuration of a notice' && kind === 'config_id') continue;
      const nothing = `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`;
      const [theirs, nobodys] = [await send(id), await send(nothing)];
      expect([kind, theirs.status]).toEqual([kind, nobodys.status]);
      expect([kind, shown(theirs.text, id)]).toEqual([kind, shown(nobodys.text, nothing)]);
      expect([kind, forbidden.filter((word) => word !== id && theirs.text.includes(word))]).toEqual([kind, []]);
    }
    expect(await siteDigest(it, b.siteId)).toEqual(before);
  });
});

describe('E04 · one field more', () => {
  test.each(ALL_PROCEDURES.filter((p) => p.input))('E04 · $name refuses what it does not name', async (p) => {
    const random = seededRandom(`E04 ${p.name}`);
    for (const extra of ['siteId', 'site_id', 'isAdmin', 'constructor', 'toString', '0', '$ne', 'price']) {
      const valid = p.input && (validInput(random, knownTo(p), p.input) as object);
      if (valid && Object.hasOwn(valid, extra)) continue;
      const input = { ...valid, [extra]: a.siteId };
      const { status, text } = await sendJson(await callerOf(p), p, asJson(input));
      expect([extra, status, text.includes('wrong_field')]).toEqual([extra, 400, true]);
    }
  });
});

describe('E06 · what leaves', () => {
  test.each(ALL_PROCEDURES)('E06 · $name says exactly what it answers', (p) => {
    // What a deed says of itself has a form of its own each time. It is held to no name and address by the canaries (G6).
    const ofItself = p.path === 'activity.list' ? ['.rows[].before', '.rows[].after'] : [];
    expect(looseEnds(p.output).filter((end) => !ofItself.includes(end.split(' ')[0] ?? ''))).toEqual([]);
    const named = fieldNames(p.output).filter((name) =>
      /password|hash$|secret|token|credential|sealed|apiKey|personId|session/i.test(name),
    );
    // A picture's address is the hash of what it shows; a session or key is ended by its id, which opens nothing; and a
    // browser is told which passkeys are meant.
    const harmless = ['imageHash', 'contentHash', 'sessionId', 'apiKeyId', 'allowCredentials', 'excludeCredentials'];
    expect(named.filter((name) => !harmless.includes(name))).toEqual([]);
  });
});

describe('E01 · the same work for "not yours" and "does not exist"', () => {
  test('E01 · every procedure with an id', async () => {
    const facts = {
      services: it.api.services,
      requestId: 'test',
      address: '127.0.0.1',
      cookies: { 'souk-admin': owner.cookies.get('souk-admin') ?? '' },
      headers: { 'x-souk-site': a.handle, authorization: `Bearer ${a.apiKey}` },
      setHeader: () => undefined,
      setCookie: () => undefined,
    };
    const callers: Readonly<Record<string, unknown>> = {
      admin: adminRouter.createCaller({ audience: 'admin', ...facts }),
      service: serviceRouter.createCaller({ audience: 'service', ...facts }),
    };
    // That a key is in use is noted once a minute, beside what is asked and at no time of its own.
    await ownerRows(it.db, "update api_keys set last_used_at = now() + interval '1 hour'");
    const random = seededRandom('E01 round trips');
    const counted: string[] = [];
    for (const p of ALL_PROCEDURES) {
      if (!p.input || p.access.audience === 'storefront' || siteless(p) === 'operator') continue;
      const input = validInput(random, knownTo(p), p.input);
      for (const { path, schema } of textPlaces(p.input, input).filter((place) => isIdText(place.schema))) {
        const [router = '', procedure = ''] = p.path.split('.');
        const calls = (
          callers[p.access.audience] as Record<string, Record<string, (input: unknown) => Promise<unknown>>>
        )[router]?.[procedure];
        const trips = async (id: string): Promise<number> =>
          (
            await countRoundTrips(
              () => calls?.(withPlace(input, path, id)).catch((error: unknown) => error) ?? expect.fail(),
            )
          ).roundTrips;
        if (p.access.audience === 'service') await freshKey();
        // What a mutation does to A's own ids beside the unknown one is done before it is counted.
        if (p.type === 'mutation') await trips(UNKNOWN);
        const nothing = await trips(UNKNOWN);
        for (const values of Object.values(ofB.ids)) {
          const value = values[0] ?? UNKNOWN;
          if (schema.safeParse(value).success)
            expect([p.name, path, await trips(value)]).toEqual([p.name, path, nothing]);
        }
        counted.push(`${p.name} ${path.join('.')}`);
      }
    }
    expect(counted.length).toBeGreaterThan(8);
  });

  // Times are taken in the long form only: on a busy machine they say nothing.
  test.runIf(LONG_ATTACKS)(
    'E01 · neither does the clock tell: medians of 500 each, taken in turns',
    { timeout: 600_000 },
    async () => {
      const theirs = (kind: string): string => ofB.ids[kind]?.[0] ?? UNKNOWN;
      const stranger = (handle: string): HttpClient =>
        httpClient(it.port, 'admin.localhost', {
          headers: { cookie: `souk-admin=${owner.cookies.get('souk-admin')}`, 'x-souk-site': handle },
        });
      const [atB, nowhere] = [stranger(b.handle), stranger('no-such-site')];
      const pairs: readonly (readonly [string, () => Promise<unknown>, () => Promise<unknown>])[] = [
        [
          'an order',
          () => owner.query('orders.get', { orderId: theirs('order_id') }),
          () => owner.query('orders.get', { orderId: UNKNOWN }),
        ],
        [
          'a product',
          () => owner.query('products.get', { productId: theirs('product_id') }),
          () => owner.query('products.get', { productId: UNKNOWN }),
        ],
        [
          'an import',
          () => owner.query('imports.get', { importId: theirs('import_id') }),
          () => owner.query('imports.get', { importId: UNKNOWN }),
        ],
        ['a site', () => atB.query('orders.list', {}), () => nowhere.query('orders.list', {})],
      ];
      for (const [what, one, other] of pairs) {
        const times: [number[], number[]] = [[], []];
        for (let i = 0; i < 500; i += 1)
          for (const [side, ask] of [one, other].entries()) {
            const startedAt = performance.now();
            await ask();
            times[side]?.push(performance.now() - startedAt);
          }
        const [mine, nobodys] = times.map((all) => all.toSorted((x, y) => x - y)[250] ?? 0);
        const apart = Math.abs((mine ?? 0) - (nobodys ?? 0));
        process.stdout.write(`E01 ${what}: ${mine?.toFixed(2)} ms and ${nobodys?.toFixed(2)} ms\n`);
        expect([what, apart <= Math.max(2, (nobodys ?? 0) * 0.1)]).toEqual([what, true]);
      }
    },
  );
});

test('nothing that was tried here made the server stumble', () =>
  expect(it.errors().map((line) => line.slice(0, 600))).toEqual([]));
