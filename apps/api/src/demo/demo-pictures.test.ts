import { readdirSync } from 'node:fs';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { DEMO_CATALOGUES } from './art/catalogue.ts';
import { DRAWN, demoPictures, drawnFile } from './demo-pictures.ts';

const drawings = DEMO_CATALOGUES.flatMap((catalogue) => demoPictures(catalogue).drawings);

test('every drawing of the demo has its picture, and no picture is left over: `npm run draw` makes them', () => {
  const names = new Set(drawings.map(({ picture }) => `${picture.contentHash}.webp`));
  expect(readdirSync(DRAWN).toSorted()).toEqual([...names].toSorted());
});

test('a picture is as large as its row says', async () => {
  for (const { picture } of [drawings[0], drawings.at(-1)].filter((one) => one !== undefined)) {
    const { width, height, format } = await sharp(drawnFile(picture.contentHash)).metadata();
    expect({ width, height, format }).toEqual({ width: picture.width, height: picture.height, format: 'webp' });
  }
});

test('a picture is what its drawing shows', async () => {
  const [one] = drawings;
  const small = (bytes: Buffer | string) =>
    sharp(bytes).resize({ width: 8, height: 10, fit: 'fill' }).removeAlpha().raw().toBuffer();
  const [drawn, kept] = [
    await small(Buffer.from(one?.svg ?? '')),
    await small(drawnFile(one?.picture.contentHash ?? '')),
  ];
  const apart = drawn.reduce((sum, value, i) => sum + Math.abs(value - (kept[i] ?? 0)), 0) / drawn.length;
  expect(apart).toBeLessThan(8);
});
