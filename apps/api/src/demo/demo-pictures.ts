import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SiteId } from '@souk/domain/shared';
import { MEDIA_WIDTHS, type StoredMedia, contentHashOf, mediaFile, storePicture } from '../content/media-files.ts';
import type { DemoCatalogue, DemoPicture } from './art/catalogue.ts';
import { drawHero } from './art/hero.ts';
import { SCENE_HEIGHT, SCENE_WIDTH, drawScene } from './art/scene.ts';

/** Where the drawings lie as pictures: `npm run draw` makes them, which takes minutes. Each is called by the hash of its drawing. */
export const DRAWN = join(import.meta.dirname, 'pictures');
export const drawnFile = (contentHash: string): string => join(DRAWN, `${contentHash}.webp`);

/** Widths to draw at. */
const SCENE_PIXELS = 800;
const HERO_PIXELS = 1280;
/** Height ÷ width of the large picture of each home page. */
const HERO_RATIO = { aurora: 1, kumo: 1350 / 2400 } as const;

export type Drawing = { readonly picture: StoredMedia; readonly svg: string; readonly isFirst: boolean };

export type DemoPictures = {
  readonly hero: StoredMedia;
  readonly story: StoredMedia;
  readonly ofProduct: ReadonlyMap<string, readonly { readonly alt: string; readonly ready: StoredMedia }[]>;
  /** In the order to keep them: what is seen first is there first. */
  readonly drawings: readonly Drawing[];
};

/** The pictures of a demo shop, called by their drawings' own text. */
export function demoPictures(catalogue: DemoCatalogue): DemoPictures {
  const drawings = new Map<string, Drawing>();
  const note = (svg: string, width: number, ratio: number, isFirst: boolean): StoredMedia => {
    const picture = {
      contentHash: contentHashOf(svg),
      mimeType: 'image/webp',
      width,
      height: Math.round(width * ratio),
    };
    if (!drawings.has(picture.contentHash)) drawings.set(picture.contentHash, { picture, svg, isFirst });
    return picture;
  };
  const scene = ({ scene: of }: DemoPicture, isFirst: boolean): StoredMedia =>
    note(drawScene(of, SCENE_PIXELS), SCENE_PIXELS, SCENE_HEIGHT / SCENE_WIDTH, isFirst);
  const hero = note(drawHero(catalogue.mood, HERO_PIXELS), HERO_PIXELS, HERO_RATIO[catalogue.mood], true);
  const ofProduct = new Map(catalogue.products.map((p) => [p.slug, [] as { alt: string; ready: StoredMedia }[]]));
  const most = Math.max(...catalogue.products.map((product) => product.pictures.length));
  for (let i = 0; i < most; i += 1) {
    for (const product of catalogue.products) {
      const picture = product.pictures[i];
      if (picture) ofProduct.get(product.slug)?.push({ alt: picture.alt, ready: scene(picture, i === 0) });
    }
  }
  const story = scene(catalogue.home.story.picture, true);
  return { hero, story, ofProduct, drawings: [...drawings.values()] };
}

/**
 * Keeps what is not kept yet in every width, with two hands: more would only take turns on the same cores. Safe to break off
 * and to call again. `first` are the pictures that lists and home pages show, `all` the rest too.
 */
export async function keepDemoPictures(
  home: string,
  shops: readonly { readonly siteId: SiteId; readonly pictures: DemoPictures }[],
  which: 'first' | 'all',
): Promise<void> {
  const wanted = shops
    .flatMap(({ siteId, pictures }) => pictures.drawings.map((drawing) => ({ siteId, ...drawing })))
    .filter(({ isFirst }) => which === 'all' || isFirst)
    .values();
  const hand = async (): Promise<void> => {
    for (const { siteId, picture } of wanted) {
      const { contentHash } = picture;
      const isKept = MEDIA_WIDTHS.every((width) => existsSync(mediaFile(home, siteId, contentHash, width)));
      if (!isKept) await storePicture(home, siteId, await readFile(drawnFile(contentHash)), { contentHash });
    }
  };
  await Promise.all([hand(), hand()]);
}
