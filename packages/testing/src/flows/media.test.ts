import { createServer, type Server } from 'node:http';
import { createGuardedFetch } from '@souk/api/http/guarded-fetch';
import { mediaFetch } from '@souk/api/jobs/media-fetch';
import type { JobData } from '@souk/api/jobs/relay';
import { mkdirSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { MEDIA_WIDTHS, mediaFile } from '@souk/api/content/media-files';
import { DRAWN } from '@souk/api/demo/demo-pictures';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HttpClient, type TestApi, type TestSite, ownerRows, pageOf, startTestApi, until } from '../index.ts';
import { csvOf, importAtOnce } from './product-import-steps.ts';

/* Pictures of imported products: fetched in the background; where that fails the product is whole and says so. */

let it: TestApi;
let site: TestSite;
let admin: HttpClient;
let pictures: Server;
let origin = '';
let picture: Buffer;
const asked: string[] = [];
beforeAll(async () => {
  it = await startTestApi();
  site = await it.makeSite({ handle: 'media', products: [] });
  admin = await it.signedInAs(site, 'owner');
  // One of the project's own drawings stands for a photograph.
  picture = readFileSync(join(DRAWN, readdirSync(DRAWN)[0] ?? ''));
  pictures = createServer((req, res) => {
    asked.push(req.url ?? '');
    if (req.url === '/good.webp') res.end(picture);
    else if (req.url === '/page.webp') res.end('<html>no picture</html>');
    else res.writeHead(404).end();
  });
  await new Promise<void>((done) => pictures.listen(0, '127.0.0.1', done));
  const address = pictures.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  here = createGuardedFetch({ mayConnect: (one) => one === '127.0.0.1', ports: new Set([new URL(origin).port]) });
});
afterAll(async () => {
  expect(it.errors()).toEqual([]);
  await it.close();
  pictures.close();
});

type Media = {
  readonly mediaId: string;
  readonly status: string;
  readonly failure?: string;
  readonly contentHash?: string;
};
const productOf = async (slug: string): Promise<{ productId: string; media: Media[] }> => {
  const [found] = await ownerRows<{ id: string }>(
    it.db,
    'select target_id as id from slugs where site_id = $1 and slug = $2',
    [site.siteId, slug],
  );
  return (await admin.query('products.get', { productId: found?.id })).value as { productId: string; media: Media[] };
};
const settledMedia = async (slug: string): Promise<Media[]> => {
  await until('its pictures are settled', async () =>
    (await productOf(slug)).media.every((m) => m.status !== 'waiting'),
  );
  return (await productOf(slug)).media;
};
const jobOf = ({ mediaId }: Media): JobData => ({
  siteId: site.siteId,
  eventId: it.api.services.newId(),
  kind: 'media.wanted',
  entityId: mediaId,
});
/** The fetch of production, but for the rule that this machine is no place to fetch from. */
let here: ReturnType<typeof createGuardedFetch>;
const withPicture = (handle: string, src: string, more: Record<string, string> = {}) =>
  csvOf([{ Handle: handle, Title: `The ${handle}`, 'Variant Price': '10.00', 'Image Src': src, ...more }]);
/** The reader refuses ports in addresses, so the address of the test's own server is put in its place afterwards. */
const pointTo = (path: string, mediaId: string) =>
  ownerRows(it.db, 'update media set source_url = $2 where media_id = $1', [mediaId, `${origin}${path}`]);

test('H05 · a picture inside a private network is not fetched; its product is whole and says why, in words', async () => {
  expect(
    (await importAtOnce(it, admin, site, withPicture('private', 'https://localhost.example.invalid/a.png'))).written
      ?.status,
  ).toBe('applied');
  const [media] = await settledMedia('private');
  expect(media).toMatchObject({ status: 'failed', failure: 'The host of this address was not found.' });
  const product = await productOf('private');
  await pointTo('/good.webp', media?.mediaId ?? '');
  await mediaFetch(it.api.services)(jobOf(media ?? expect.fail('no picture')));
  expect((await productOf('private')).media[0]).toMatchObject({
    status: 'failed',
    failure: 'Only plain http and https addresses are read.',
  });
  expect((await admin.mutate('products.publish', { productIds: [product.productId] })).status).toBe(200);
  expect(pageOf(await it.visitor(site).get('/products/private')).kind).toBe('product');
});

test('what is no picture, or is not there, is told in words and can be had later', async () => {
  await importAtOnce(it, admin, site, withPicture('later', 'https://nowhere.example.invalid/a.png'));
  const [media] = await settledMedia('later');
  if (!media) throw new Error('no picture');
  const fetchHere = mediaFetch(it.api.services, here);
  await pointTo('/page.webp', media.mediaId);
  await fetchHere(jobOf(media));
  expect((await productOf('later')).media[0]).toMatchObject({
    status: 'failed',
    failure: 'This is not a picture in JPEG, PNG, WebP, GIF or AVIF form.',
  });
  await pointTo('/gone.webp', media.mediaId);
  await fetchHere(jobOf(media));
  expect((await productOf('later')).media[0]).toMatchObject({ status: 'failed', failure: 'The address answered 404.' });
  await pointTo('/good.webp', media.mediaId);
  await fetchHere(jobOf(media));
  const [ready] = (await productOf('later')).media;
  expect(ready).toMatchObject({ status: 'ready' });
  expect(ready).not.toHaveProperty('failure');
});

test('a picture that is ready is shown in the shop and in the admin, in the listed widths and no other (B05)', async () => {
  await importAtOnce(
    it,
    admin,
    site,
    withPicture('shown', 'https://nowhere.example.invalid/b.png', { 'Image Alt Text': 'A thing' }),
  );
  const [media] = await settledMedia('shown');
  if (!media) throw new Error('no picture');
  await pointTo('/good.webp', media.mediaId);
  await mediaFetch(it.api.services, here)(jobOf(media));
  const product = await productOf('shown');
  const hash = product.media[0]?.contentHash ?? '';
  await admin.mutate('products.publish', { productIds: [product.productId] });
  const shop = it.visitor(site);
  expect(JSON.stringify(pageOf(await shop.get('/products/shown')))).toContain(hash);
  for (const width of MEDIA_WIDTHS) {
    for (const [client, path] of [
      [shop, `/media/${hash}/${width}.webp`],
      [admin, `/s/${site.handle}/media/${hash}/${width}.webp`],
    ] as const) {
      const answer = await client.get(path);
      expect(answer).toMatchObject({
        status: 200,
        headers: { 'content-type': 'image/webp', 'x-content-type-options': 'nosniff' },
      });
      expect(answer.body.subarray(8, 12).toString()).toBe('WEBP');
    }
  }
  for (const path of [
    `/media/${hash}/321.webp`,
    `/media/${hash}/1281.webp`,
    `/media/${hash}/0320.webp`,
    `/media/${hash}/99999.webp`,
    `/media/${hash}/320.png`,
    `/media/${hash.toUpperCase()}/320.webp`,
    `/media/${hash}x/320.webp`,
    `/media/..%2f..%2f/320.webp`,
    `/media/${hash}/..%2f320.webp`,
    `/media/${'0'.repeat(40)}/320.webp`,
  ])
    expect(await shop.get(path), path).toMatchObject({ status: 404 });
});

test('G1 · a picture of one site is not served at another, though its address is known', async () => {
  const other = await it.makeSite({ handle: 'media-other', products: [] });
  const hash = (await productOf('shown')).media[0]?.contentHash ?? '';
  expect((await it.visitor(site).get(`/media/${hash}/320.webp`)).status).toBe(200);
  expect((await it.visitor(other).get(`/media/${hash}/320.webp`)).status).toBe(404);
  const stranger = await it.signedInAs(other, 'owner');
  expect((await stranger.get(`/s/${other.handle}/media/${hash}/320.webp`)).status).toBe(404);
  expect((await stranger.get(`/s/${site.handle}/media/${hash}/320.webp`)).status).toBe(404);
});

test('the same picture wanted twice is fetched once and stays ready', async () => {
  const [media] = (await productOf('shown')).media;
  if (!media) throw new Error('no picture');
  await pointTo('/another-time.webp', media.mediaId);
  await mediaFetch(it.api.services, here)(jobOf(media));
  expect(asked).not.toContain('/another-time.webp');
  expect((await productOf('shown')).media[0]?.status).toBe('ready');
});

test(
  'H13 · visitors who leave in the middle of a picture leave no open file behind',
  { skip: process.platform !== 'linux' },
  async () => {
    const hash = 'ab'.repeat(20);
    const file = mediaFile(it.home, site.siteId, hash, 1280);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Buffer.alloc(20_000_000, 1));
    const isOpen = (fd: string): boolean => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`) === file;
      } catch {
        return false;
      }
    };
    const open = (): number => readdirSync('/proc/self/fd').filter(isOpen).length;
    await Promise.all(
      Array.from(
        { length: 20 },
        () =>
          new Promise<void>((done, fail) => {
            const socket = connect(it.port, '127.0.0.1');
            socket.on('error', fail);
            socket.once('data', () => {
              socket.destroy();
              done();
            });
            socket.write(`GET /media/${hash}/1280.webp HTTP/1.1\r\nHost: ${site.host}\r\n\r\n`);
          }),
      ),
    );
    await until('no picture is held open', () => open() === 0);
  },
);
