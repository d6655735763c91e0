import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { type SiteId, id } from '@souk/domain/shared';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MEDIA_WIDTHS, NotAPicture, mediaFile, storePicture } from './media-files.ts';

const SITE = id<SiteId>('01930000-0000-7000-8000-000000000001');
let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'souk-media-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const plain = (width = 1600, height = 900) => sharp({ create: { width, height, channels: 3, background: '#c05020' } });
const refusal = (bytes: Buffer): Promise<string> =>
  storePicture(home, SITE, bytes).then(
    () => 'stored',
    (error: unknown) => (error instanceof NotAPicture ? error.message : `threw ${String(error)}`),
  );
const NO_PICTURE = 'This is not a picture in JPEG, PNG, WebP, GIF or AVIF form.';
const DAMAGED = 'This picture is damaged or too large.';
const folder = (): string => join(home, 'uploads', 'media', SITE);
const filesKept = (): string[] => (existsSync(folder()) ? readdirSync(folder()) : []);

/** A PNG of these dimensions in black and white, whole and valid: a bit a pixel, which compresses to almost nothing. */
function png(width: number, height: number, rows = Buffer.alloc((1 + Math.ceil(width / 8)) * height)): Buffer {
  const chunk = (type: string, body: Buffer): Buffer => {
    const whole = Buffer.concat([Buffer.from(type), body]);
    const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    size.writeUInt32BE(body.length);
    sum.writeUInt32BE(crc32(whole));
    return Buffer.concat([size, whole, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([1, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('B05 · pictures are kept in the listed widths and no other', () => {
  test.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)(
    'a %s becomes one WebP file for each width, none wider than the picture',
    async (format) => {
      const stored = await storePicture(home, SITE, await plain(1000, 500).toFormat(format).toBuffer());
      expect(stored).toMatchObject({ mimeType: 'image/webp', width: 1000, height: 500 });
      expect(stored.contentHash).toMatch(/^[0-9a-f]{40}$/);
      const widths = await Promise.all(
        MEDIA_WIDTHS.map(
          async (width) => (await sharp(mediaFile(home, SITE, stored.contentHash, width)).metadata()).width,
        ),
      );
      expect(widths).toEqual(MEDIA_WIDTHS.map((width) => Math.min(width, 1000)));
      expect(readdirSync(join(home, 'uploads', 'media', SITE, stored.contentHash)).toSorted()).toEqual(
        MEDIA_WIDTHS.map((w) => `${w}.webp`).toSorted(),
      );
    },
  );

  test('the same picture twice is one folder, and nobody else on the machine may read it', async () => {
    const bytes = await plain(700, 700).png().toBuffer();
    const [first, second] = [await storePicture(home, SITE, bytes), await storePicture(home, SITE, bytes)];
    expect(second).toEqual(first);
    expect(statSync(mediaFile(home, SITE, first.contentHash, 320)).mode & 0o077).toBe(0);
  });
});

describe('H06 · what is no picture is refused, whatever it calls itself', () => {
  const kept = async (bytes: Buffer): Promise<string[]> => {
    const before = filesKept();
    expect([NO_PICTURE, DAMAGED]).toContain(await refusal(bytes));
    return filesKept().filter((name) => !before.includes(name));
  };

  test.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['HTML', '<!doctype html><script>alert(1)</script>'],
    [
      'an SVG with a script',
      '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><script>alert(1)</script></svg>',
    ],
    [
      'an SVG that reads a file',
      '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&x;</text></svg>',
    ],
    ['a PDF', '%PDF-1.7\n1 0 obj\n'],
    ['a program', '\u007fELF\u0002\u0001\u0001'],
    ['a ZIP', 'PK\u0003\u0004\u0014'],
    ['a script that begins like a GIF', 'GIF89a=1;alert(1)//'],
    ['a JPEG header and no more', '\u00ff\u00d8\u00ff\u00e0'],
  ])('%s', async (_name, text) => {
    expect(await kept(Buffer.from(text, 'latin1'))).toEqual([]);
  });

  test.each(['tiff', 'heif-like'] as const)('another kind of picture: %s', async (kind) => {
    const bytes =
      kind === 'tiff'
        ? await plain(20, 20).tiff().toBuffer()
        : Buffer.from('\u0000\u0000\u0000\u0018ftypheic\u0000\u0000\u0000\u0000mif1heic', 'latin1');
    expect(await refusal(bytes)).toBe(NO_PICTURE);
  });

  test('a picture that breaks off', async () => {
    const whole = await plain().jpeg().toBuffer();
    expect(await kept(whole.subarray(0, whole.length / 2))).toEqual([]);
  });

  test.each([
    ['pixels that a header promises and nobody has', png(60_000, 60_000, Buffer.alloc(10))],
    ['a bomb of 400 megapixels in a few kilobytes', png(20_000, 20_000)],
    ['51 megapixels', png(10_200, 5_000)],
  ])('%s', async (_name, bytes) => {
    const before = process.memoryUsage.rss();
    const startedAt = performance.now();
    expect(bytes.length).toBeLessThan(100_000);
    expect(await kept(bytes)).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000);
  });

  test('a picture just within the limit is kept', async () => {
    expect(await storePicture(home, SITE, png(8_000, 6_000))).toMatchObject({ width: 1280, height: 960 });
  });

  test('a picture that is something else as well is only a picture afterwards', async () => {
    const payload = '<script>alert(document.domain)</script>PK\u0003\u0004';
    const polyglot = Buffer.concat([
      await plain(400, 400)
        .withExif({ IFD0: { ImageDescription: payload } })
        .jpeg()
        .toBuffer(),
      Buffer.from(payload),
    ]);
    expect(polyglot.includes(payload)).toBe(true);
    const { contentHash } = await storePicture(home, SITE, polyglot);
    for (const width of MEDIA_WIDTHS) {
      const bytes = readFileSync(mediaFile(home, SITE, contentHash, width));
      expect(bytes.includes('<script>')).toBe(false);
      expect(bytes.subarray(8, 12).toString()).toBe('WEBP');
    }
  });
});

test('H06 · where and with what a picture was taken stays out; how it is to be turned is done', async () => {
  const bytes = await plain(800, 400)
    .withExif({
      IFD0: { Make: 'CanaryCam', Artist: 'Ada Canary' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1', GPSLongitudeRef: 'W', GPSLongitude: '0/1 7/1 0/1' },
    })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const withPlace = await plain(800, 400)
    .withExif({ IFD0: { Make: 'CanaryCam' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' } })
    .jpeg()
    .toBuffer();
  expect((await sharp(withPlace).metadata()).exif?.includes('CanaryCam')).toBe(true);
  for (const one of [bytes, withPlace]) {
    const stored = await storePicture(home, SITE, one);
    for (const width of MEDIA_WIDTHS) {
      const file = mediaFile(home, SITE, stored.contentHash, width);
      const { exif, xmp, iptc, icc } = await sharp(file).metadata();
      expect([exif, xmp, iptc, icc]).toEqual([undefined, undefined, undefined, undefined]);
      expect(readFileSync(file).includes('Canary')).toBe(false);
    }
  }
  expect(await storePicture(home, SITE, bytes)).toMatchObject({ width: 400, height: 800 });
});
