import { createHash } from 'node:crypto';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SiteId } from '@souk/domain/shared';
import { fileTypeFromBuffer } from 'file-type';
import type sharpLibrary from 'sharp';
import type { OutputInfo } from 'sharp';

/** The only widths pictures are served in (B05). */
export const MEDIA_WIDTHS = [320, 480, 640, 960, 1280] as const;
const LARGEST_WIDTH = 1280;
/** No picture is larger than this on either side; a bomb of pixels is refused before it is unpacked. */
const MAX_PIXELS = 50_000_000;
const TYPES = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif']);

let loaded: Promise<typeof sharpLibrary> | undefined;

/** The library of pictures, loaded with the first one: it is large, and most processes never see a picture. */
const loadSharp = (): Promise<typeof sharpLibrary> =>
  (loaded ??= import('sharp').then(({ default: sharp }) => {
    sharp.cache(false);
    sharp.concurrency(1);
    return sharp;
  }));

export class NotAPicture extends Error {}

export type StoredMedia = {
  readonly contentHash: string;
  readonly mimeType: string;
  readonly width: number;
  readonly height: number;
};

/** Folder of one picture, named by its content: the same picture twice is one folder. */
const folderOf = (home: string, siteId: SiteId, contentHash: string): string =>
  join(home, 'uploads', 'media', siteId, contentHash);

export const mediaFile = (home: string, siteId: SiteId, contentHash: string, width: number): string =>
  join(folderOf(home, siteId, contentHash), `${width}.webp`);

/** What a picture is called by: the beginning of its hash. */
export const contentHashOf = (bytes: Buffer | string): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 40);

/**
 * Keeps a picture in every served width, as WebP without any metadata (H06: places and cameras stay out). Its kind is told
 * by its first bytes, never by its name. `contentHash`: the name it was promised under, where that is not its own hash.
 * @throws NotAPicture
 */
export async function storePicture(
  home: string,
  siteId: SiteId,
  bytes: Buffer,
  { contentHash = contentHashOf(bytes) }: { contentHash?: string } = {},
): Promise<StoredMedia> {
  const type = await fileTypeFromBuffer(bytes);
  if (!type || !TYPES.has(type.mime))
    throw new NotAPicture('This is not a picture in JPEG, PNG, WebP, GIF or AVIF form.');
  const sharp = await loadSharp();
  let pixels: { data: Buffer; info: OutputInfo };
  try {
    // Unpacked once, at the largest width served; every smaller one is made from these pixels.
    pixels = await sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
      .rotate()
      .resize({ width: LARGEST_WIDTH, withoutEnlargement: true })
      .raw()
      .toBuffer({ resolveWithObject: true });
  } catch (error) {
    throw new NotAPicture('This picture is damaged or too large.', { cause: error });
  }
  const { width, height, channels } = pixels.info;
  const folder = folderOf(home, siteId, contentHash);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // A small picture is the same at every width it does not reach.
  const made = new Map<number, Promise<Buffer>>();
  const at = (size: number): Promise<Buffer> => {
    const webp = made.get(size) ?? encode(size);
    made.set(size, webp);
    return webp;
  };
  const encode = (size: number): Promise<Buffer> =>
    sharp(pixels.data, { raw: { width, height, channels } })
      .resize({ width: size })
      .webp({ quality: 76, effort: 3 })
      .toBuffer();
  for (const wanted of MEDIA_WIDTHS) {
    const file = join(folder, `${wanted}.webp`);
    if (
      await stat(file).then(
        () => true,
        () => false,
      )
    )
      continue;
    // Written beside and moved: a reader never sees half a picture.
    await writeFile(`${file}.${process.pid}.part`, await at(Math.min(wanted, width)), { mode: 0o600 });
    await rename(`${file}.${process.pid}.part`, file);
  }
  return { contentHash, mimeType: 'image/webp', width, height };
}
