import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { withSite } from '@souk/db';
import { insertOutbox, personKey, unsealFor } from '@souk/db/activity';
import { type Mailer, mailboxMailer } from '@souk/api/jobs/mailer';
import { orderMail } from '@souk/api/jobs/order-mail';
import type { JobData } from '@souk/api/jobs/relay';
import { inDatabase } from '@souk/db/testing';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PlacedOrder, type TestApi, type TestSite, ownerRows, placeOrder, startTestApi, until } from '../index.ts';

/* Mails: once, to the right person, with nothing of them in clear where it should not be, and after every kind of failure. */

const BUYER = 'ada@example.org';
const line = (site: TestSite) => [{ variantId: site.products[0]?.variants[0]?.variantId ?? '', quantity: 2 }];

async function paidOrder(it: TestApi, site: TestSite): Promise<PlacedOrder> {
  const placed = await placeOrder(it, site, line(site));
  await it.notify(site, { type: 'payment.captured', paymentId: placed.paymentId, amount: placed.total });
  return placed;
}

type Dispatch = {
  readonly dispatch_id: string;
  readonly n: number;
  readonly status: string;
  readonly email_type: string;
  readonly detail: string;
};
const dispatches = (it: TestApi, orderId: string): Promise<Dispatch[]> =>
  ownerRows<Dispatch>(
    it.db,
    'select dispatch_id, n, status, email_type, detail from email_dispatch_logs where order_id = $1 order by dispatch_id, n',
    [orderId],
  );
const eventOf = async (it: TestApi, { orderId }: PlacedOrder, kind: JobData['kind']): Promise<JobData> => {
  const [found] = await ownerRows<{ site_id: JobData['siteId']; event_id: string }>(
    it.db,
    'select site_id, event_id from outbox_events where entity_id = $1 and kind = $2',
    [orderId, kind],
  );
  if (!found) throw new Error(`no ${kind}`);
  return { siteId: found.site_id, eventId: found.event_id, kind, entityId: orderId };
};

describe('the development mailbox', () => {
  let it: TestApi;
  let site: TestSite;
  beforeAll(async () => {
    it = await startTestApi();
    site = await it.makeSite({ handle: 'mails' });
  });
  afterAll(() => it.close());

  const mailbox = (): string[] =>
    existsSync(join(it.home, 'mail')) ? readdirSync(join(it.home, 'mail')).filter((name) => name.endsWith('.eml')) : [];
  const fileOf = ({ eventId }: JobData): string => join(it.home, 'mail', `_${eventId}_souk_`);
  type Mail = { to: string; subject: string; text: string; html: string };
  const read = (event: JobData): Mail => JSON.parse(readFileSync(`${fileOf(event)}.json`, 'utf8')) as Mail;
  const accepted = (placed: PlacedOrder, emailType: string) =>
    until(`${emailType} is accepted`, async () =>
      (await dispatches(it, placed.orderId)).some((d) => d.email_type === emailType && d.status === 'accepted'),
    );

  test('a confirmed order is told to its buyer: what, how much, and where to see it', async () => {
    const placed = await paidOrder(it, site);
    await accepted(placed, 'order_confirmed');
    const event = await eventOf(it, placed, 'order.confirmed');
    const mail = read(event);
    expect(mail.to).toBe(BUYER);
    expect(mail.subject).toMatch(/^Your order MAILS-\d+ is confirmed$/);
    expect(mail.text).toContain('2 × Thing 1 of mails');
    expect(mail.text).toContain('€25.00');
    const link = /http\S+\/orders\/[A-Za-z0-9_-]{43}/.exec(mail.text)?.[0] ?? '';
    expect((await it.visitor(site).get(new URL(link).pathname)).status).toBe(200);
    expect(readFileSync(`${fileOf(event)}.eml`, 'utf8')).toContain(`Message-ID: <${event.eventId}@souk>`);
    expect((await dispatches(it, placed.orderId)).map((d) => [d.n, d.status])).toEqual([
      [1, 'queued'],
      [2, 'accepted'],
    ]);
  });

  test('the same event again, by the queue or after a crash before the log, is one mail with one id', async () => {
    const placed = await paidOrder(it, site);
    await accepted(placed, 'order_confirmed');
    const event = await eventOf(it, placed, 'order.confirmed');
    const before = mailbox();
    const again = orderMail(it.api.services, mailboxMailer(it.home), 'shop@example.org');
    await again(event);
    await Promise.all([again(event), again(event)]);
    expect(mailbox()).toEqual(before);
    expect(await dispatches(it, placed.orderId)).toHaveLength(2);

    const other = await placeOrder(it, site, line(site));
    const crashing: Mailer = {
      send: (mail) =>
        mailboxMailer(it.home)
          .send(mail)
          .then(() => Promise.reject(new Error('the process ended here'))),
    };
    const made: JobData = { ...event, eventId: it.api.services.newId(), entityId: other.orderId };
    await expect(orderMail(it.api.services, crashing, 'shop@example.org')(made)).rejects.toThrow('ended here');
    await again(made);
    expect(mailbox()).toHaveLength(before.length + 1);
    expect((await dispatches(it, other.orderId)).map((d) => [d.n, d.status, d.detail])).toEqual([
      [1, 'queued', ''],
      [2, 'sending', 'another try'],
      [3, 'accepted', ''],
    ]);
  });

  test('a parcel is told with its tracking number', async () => {
    const placed = await paidOrder(it, site);
    const admin = await it.signedInAs(site, 'owner');
    const [order] = await ownerRows<{ version: number }>(it.db, 'select version from orders where order_id = $1', [
      placed.orderId,
    ]);
    expect(
      (
        await admin.mutate('orders.fulfil', {
          orderId: placed.orderId,
          version: order?.version,
          carrier: 'Parcel Co',
          trackingNumber: 'TRACK-42',
        })
      ).status,
    ).toBe(200);
    await accepted(placed, 'order_shipped');
    const mail = read(await eventOf(it, placed, 'order.fulfilled'));
    expect(mail.subject).toMatch(/is on its way$/);
    expect(mail.text).toContain('Tracking number: Parcel Co TRACK-42');
    expect((await dispatches(it, placed.orderId)).map((d) => d.email_type)).toEqual([
      'order_confirmed',
      'order_confirmed',
      'order_shipped',
      'order_shipped',
    ]);
  });

  test('an order that is not paid is reminded of once, after ten minutes, and one that is paid never', async () => {
    const send = orderMail(it.api.services, mailboxMailer(it.home), 'shop@example.org');
    const waiting = await placeOrder(it, site, line(site));
    const event = await eventOf(it, waiting, 'order.submitted');
    await until('the reminder lies in the queue', async () => {
      const jobs = await ownerRows<{ minutes: string }>(
        it.db,
        'select extract(epoch from start_after - created_on) / 60 as minutes from jobs.job where id = $1',
        [event.eventId],
      );
      return jobs.some(({ minutes }) => Math.round(Number(minutes)) === 10);
    });
    await send(event);
    expect(read(event).subject).toContain('waiting for payment');
    expect(read(event).text).toContain('/orders/');
    const paid = await paidOrder(it, site);
    const early = await eventOf(it, paid, 'order.submitted');
    await send(early);
    expect(existsSync(`${fileOf(early)}.eml`)).toBe(false);
  });

  test('G6 L01 · the recipient stands in no log and no queue in clear, and can be read with the person’s key', async () => {
    const placed = await paidOrder(it, site);
    await accepted(placed, 'order_confirmed');
    for (const table of [
      'email_dispatch_logs',
      'outbox_events',
      'jobs.job',
      'admin_action_logs',
      'webhook_event_logs',
    ]) {
      const [found] = await inDatabase(
        it.db.superuserUrl,
        async (client) =>
          (
            await client.query<{ n: number }>(
              `select count(*)::int as n from ${table} t where position($1 in t::text) > 0 or position($2 in t::text) > 0`,
              [BUYER, Buffer.from(BUYER).toString('hex')],
            )
          ).rows,
      );
      expect({ table, ...found }).toEqual({ table, n: 0 });
    }
    const [row] = await ownerRows<{ person_id: string; recipient_sealed: Buffer }>(
      it.db,
      'select person_id, recipient_sealed from email_dispatch_logs where order_id = $1 limit 1',
      [placed.orderId],
    );
    if (!row) throw new Error('no dispatch');
    const plain = await withSite(it.db.database, site.siteId, async (tx) =>
      unsealFor(await personKey(tx, it.db.key, row.person_id), 'recipient', row.recipient_sealed),
    );
    expect(plain).toBe(BUYER);
  });

  test('H13 · names that look like headers or markup stay names', async () => {
    const bait = await it.makeSite({ handle: 'bait' });
    const evil = 'Shop\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script>"<evil@example.org>';
    await ownerRows(it.db, 'update sites set name = $2 where site_id = $1', [bait.siteId, evil]);
    const placed = await placeOrder(it, bait, line(bait), { name: 'Ada <img src=x onerror=alert(1)>' });
    await it.notify(bait, { type: 'payment.captured', paymentId: placed.paymentId, amount: placed.total });
    await until('the mail is there', async () =>
      (await dispatches(it, placed.orderId)).some((d) => d.status === 'accepted'),
    );
    const event = await eventOf(it, placed, 'order.confirmed');
    const raw = readFileSync(`${fileOf(event)}.eml`, 'utf8');
    const head = raw.slice(0, raw.indexOf('\r\n\r\n'));
    const fields = head
      .replace(/\r\n[ \t]+/g, ' ')
      .split('\r\n')
      .map((field) => field.slice(0, field.indexOf(':')).toLowerCase());
    expect(fields).not.toContain('bcc');
    expect(fields.toSorted()).toEqual(['content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to']);
    expect(head).toMatch(/^To: ada@example\.org$/m);
    expect(head.match(/<[^>]+@[^>]+>/g)?.filter((a) => !a.endsWith('@souk>'))).toEqual(['<shop@example.org>']);
    const { html, to } = read(event);
    expect(to).toBe(BUYER);
    expect(html).not.toContain('<script>');
    expect(html).not.toContain('<img');
  });

  test('H13 · an address that would be two, or a header, is refused at the checkout', async () => {
    for (const email of [
      'a@example.org,b@example.org',
      'a@example.org\r\nBcc: b@example.org',
      'a@example.org\nb',
      '"a" <a@example.org>',
      'a@example.org b@example.org',
    ])
      await expect(placeOrder(it, site, line(site), { email }), email).rejects.toThrow('wrong_field');
  });

  test('what lay unrelayed for more than two days is not mailed, but other work of it is done', async () => {
    const placed = await placeOrder(it, site, line(site));
    const old = new Date(Date.now() - 49 * 3_600_000);
    const [mail, media] = [it.api.services.newId(), it.api.services.newId()];
    await withSite(
      it.db.database,
      site.siteId,
      async (tx) =>
        insertOutbox(tx, [
          { eventId: mail, kind: 'order.confirmed', entityId: placed.orderId },
          { eventId: media, kind: 'media.wanted', entityId: media },
        ]),
      old,
    );
    await until(
      'both are relayed',
      async () =>
        (
          await ownerRows(
            it.db,
            'select 1 from outbox_events where event_id = any($1::uuid[]) and relayed_at is null',
            [[mail, media]],
          )
        ).length === 0,
    );
    const jobs = await inDatabase(
      it.db.superuserUrl,
      async (client) =>
        (await client.query<{ id: string }>('select id from jobs.job where id = any($1::uuid[])', [[mail, media]]))
          .rows,
    );
    expect(jobs).toEqual([{ id: media }]);
    expect(await dispatches(it, placed.orderId)).toEqual([]);
  });

  test('nothing of all this was an error of the program', () => {
    expect(it.errors()).toEqual([]);
  });
});

describe('a mail server', () => {
  let it: TestApi;
  let site: TestSite;
  let server: SMTPServer;
  let refuses = false;
  const received: string[] = [];
  beforeAll(async () => {
    server = mailServer(() => refuses, received);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    it = await startTestApi({
      environment: {
        smtpUrl: `smtp://shop:only%20for%20mails@127.0.0.1:${port}/?requireTLS=true&tls.rejectUnauthorized=false`,
      },
    });
    site = await it.makeSite({ handle: 'smtp' });
  });
  afterAll(async () => {
    await it.close();
    await new Promise<void>((done) => server.close(done));
  });

  type Job = { readonly state: string; readonly retry_count: number; readonly wait: number; readonly text: string };
  const jobOf = async (eventId: string, name: string): Promise<Job | undefined> =>
    inDatabase(
      it.db.superuserUrl,
      async (client) =>
        (
          await client.query<Job>(
            "select state::text, retry_count, extract(epoch from start_after - now())::float8 as wait, j::text as text from jobs.job j where name = $2 and (id = $1::uuid or data->>'eventId' = $1::text)",
            [eventId, name],
          )
        ).rows[0],
    );

  test('what is accepted reaches it with the event’s id as its own', async () => {
    const placed = await paidOrder(it, site);
    const { eventId } = await eventOf(it, placed, 'order.confirmed');
    await until('it is received', () => received.some((text) => text.includes(`<${eventId}@souk>`)));
    await until('it is logged', async () => (await dispatches(it, placed.orderId)).at(-1)?.status === 'accepted');
    const [mail, ...more] = received.filter((text) => text.includes(`<${eventId}@souk>`));
    expect(more).toEqual([]);
    // Signed in over TLS, with a plain text beside the page.
    expect(mail).toMatch(/^secure: true\r\n/);
    expect(mail).toMatch(/multipart\/alternative/);
    expect(mail).toMatch(/content-type: text\/plain[\s\S]*content-type: text\/html/i);
  });

  test('L01 · what it refuses is tried again after growing waits, ends among the dead, and its words with the address are kept nowhere', async () => {
    refuses = true;
    const placed = await paidOrder(it, site);
    const { eventId } = await eventOf(it, placed, 'order.confirmed');
    const waits: number[] = [];
    for (const n of [1, 2, 3]) {
      await until(`try ${n} has failed`, async () => {
        const job = await jobOf(eventId, 'mail');
        return job?.state === 'retry' && job.retry_count === n - 1;
      });
      const job = await jobOf(eventId, 'mail');
      expect(job?.text).not.toContain(BUYER);
      expect(job?.text).not.toContain('no such person');
      waits.push(job?.wait ?? 0);
      // The wait is over at once, and the third try is the last: hours are not waited for here.
      await inDatabase(it.db.superuserUrl, (client) =>
        client.query('update jobs.job set start_after = now(), retry_limit = least(retry_limit, 3) where id = $1', [
          eventId,
        ]),
      );
    }
    expect(waits.every((wait) => wait > 0)).toBe(true);
    expect(waits[2]).toBeGreaterThan(waits[0] ?? 0);
    await until('it lies among the dead', async () => (await jobOf(eventId, 'dead')) !== undefined);
    expect((await jobOf(eventId, 'dead'))?.text).not.toContain(BUYER);
    expect((await jobOf(eventId, 'mail'))?.state).toBe('failed');
    const log = await dispatches(it, placed.orderId);
    expect(log.map((d) => d.status)).toEqual(['queued', 'sending', 'sending', 'sending', 'dead']);
    refuses = false;
  });

  test('a mail that fails does not hold up the ones beside it', async () => {
    refuses = false;
    const orders = await Promise.all([1, 2, 3].map(() => paidOrder(it, site)));
    for (const placed of orders)
      await until('it is accepted', async () => (await dispatches(it, placed.orderId)).at(-1)?.status === 'accepted');
  });
});

/** A mail server that takes every mail, or refuses every recipient by name; who sends signs in first, over TLS where it is offered. */
function mailServer(refuses: () => boolean, received: string[]): SMTPServer {
  return new SMTPServer({
    banner: 'mail.example',
    // Its certificate is its own; the address says that it is believed.
    authOptional: false,
    onAuth: ({ username, password }, _session, done) =>
      username === 'shop' && password === 'only for mails'
        ? done(null, { user: username })
        : done(new Error('not known here')),
    onRcptTo: ({ address }, _session, done) =>
      refuses() ? done(Object.assign(new Error(`5.1.1 <${address}>: no such person`), { responseCode: 550 })) : done(),
    onData: (stream, session, done) => {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        received.push(`secure: ${String(session.secure)}\r\n${Buffer.concat(pieces).toString()}`);
        done();
      });
    },
  });
}
