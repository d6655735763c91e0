import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { DEMO_CATALOGUES } from './catalogue.ts';
import { drawHero } from './hero.ts';
import { drawScene, type Scene } from './scene.ts';

const ALL = DEMO_CATALOGUES.flatMap((catalogue) => [
  ...catalogue.products.flatMap((product) => product.pictures.map((picture) => picture.scene)),
  catalogue.home.story.picture.scene,
]);

/** One of each kind: rendering all of them would take a minute. */
const ONE_OF_EACH: readonly Scene[] = [...new Map(ALL.map((scene) => [scene.kind, scene])).values()];

describe('a drawn picture', () => {
  it('is the same every time, and another for another scene', () => {
    const drawn = ALL.map((scene) => drawScene(scene));
    expect(ALL.map((scene) => drawScene(scene))).toEqual(drawn);
    expect(new Set(drawn).size).toBeGreaterThan(ALL.length * 0.95);
  });

  it('holds no number that is none, and asks for nothing from outside', () => {
    for (const svg of [...ALL.map((scene) => drawScene(scene)), drawHero('aurora'), drawHero('kumo')]) {
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      expect(svg).not.toMatch(/href=|<script|<image|<text/);
      const defined = new Set([...svg.matchAll(/ id="(d\d+f?)"/g)].map((match) => match[1]));
      for (const [, used] of svg.matchAll(/url\(#(d\d+f?)\)/g)) expect(defined).toContain(used);
    }
  });

  it.each(ONE_OF_EACH)('of $kind is rendered at the size asked for, and is not one flat colour', async (scene) => {
    const { data, info } = await sharp(Buffer.from(drawScene(scene, 160)))
      .webp()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([160, 200]);
    const { channels } = await sharp(data).stats();
    expect(Math.max(...channels.map((channel) => channel.stdev))).toBeGreaterThan(8);
  });
});
