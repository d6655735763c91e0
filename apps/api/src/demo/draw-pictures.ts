import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { DRAWN, type Drawing, demoPictures, drawnFile } from './demo-pictures.ts';
import { DEMO_CATALOGUES } from './art/catalogue.ts';

/**
 * Makes the pictures of the demo shops from their drawings, those that are not there yet, and removes what is
 * no drawing any more. A drawing takes a second, which nobody should wait for at a first start.
 */
export async function drawPictures(): Promise<{ drawn: number; removed: number; all: number }> {
  const drawings = new Map<string, Drawing>(
    DEMO_CATALOGUES.flatMap((catalogue) => demoPictures(catalogue).drawings).map((one) => [
      one.picture.contentHash,
      one,
    ]),
  );
  let drawn = 0;
  const waiting = [...drawings.values()].filter(({ picture }) => !existsSync(drawnFile(picture.contentHash))).values();
  const hand = async (): Promise<void> => {
    for (const { picture, svg } of waiting) {
      const bytes = await sharp(Buffer.from(svg))
        .resize({ width: picture.width })
        .webp({ quality: 76, effort: 6 })
        .toBuffer();
      writeFileSync(drawnFile(picture.contentHash), bytes);
      drawn += 1;
    }
  };
  await Promise.all([hand(), hand()]);
  const over = readdirSync(DRAWN).filter((name) => !drawings.has(name.replace('.webp', '')));
  for (const name of over) rmSync(join(DRAWN, name));
  return { drawn, removed: over.length, all: drawings.size };
}
