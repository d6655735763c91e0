import { bowl } from './bowl.ts';
import { cloud } from './garment.ts';
import { lamp } from './lamp.ts';
import { ellipse, group, painter, path, polygon, rect } from './paint.ts';
import type { Mood } from './scene.ts';
import { sneaker } from './sneaker.ts';
import { grainOver, room } from './stage.ts';
import { vase } from './vase.ts';

/** The large picture of each home page: a square still life for aurora, a shoe on colour in 16:9 for kumo. */
export const drawHero = (mood: Mood, pixelsWide?: number): string =>
  mood === 'aurora' ? stillLife(pixelsWide ?? 1600) : onColour(pixelsWide ?? 2400);

function stillLife(pixelsWide: number): string {
  const paint = painter(41);
  const at = (x: number, y: number, scale: number, inside: string): string =>
    group(`transform="translate(${x} ${y}) scale(${scale}) translate(-600 -1190)"`, inside);
  const body = [
    room(paint, { wall: '#e2cdb6', table: '#b98a5c', surface: 'wood', light: 'window' }),
    at(370, 1186, 0.98, lamp(paint, '#8d9478', 0)),
    at(770, 1165, 0.86, vase(paint, '#b8623c', 3)),
    at(960, 1330, 0.6, bowl(paint, '#e8dfd0', 0)),
    at(560, 1320, 0.34, bowl(paint, '#7f8a72', 3)),
    grainOver(paint, 0.1),
  ];
  return paint.picture(pixelsWide, pixelsWide, [0, 270, 1200, 1200], body.join(''));
}

function onColour(pixelsWide: number): string {
  const paint = painter(7);
  const acid = '#d2ff1f';
  const body = [
    rect(
      0,
      0,
      2400,
      1350,
      `fill="${paint.linearAt(
        [
          [0, '#dcff4d'],
          [0.6, acid],
          [1, '#b5e000'],
        ],
        0,
        0,
        600,
        1350,
      )}"`,
    ),
    path(cloud(1530, 640, 640), 'fill="#ffffff" opacity="0.92"'),
    path(
      polygon([
        [0, 1130],
        [2400, 1010],
        [2400, 1350],
        [0, 1350],
      ]),
      `fill="${paint.linearAt(
        [
          [0, '#a9d100', 0.55],
          [1, '#9cc400', 0],
        ],
        0,
        1020,
        0,
        1350,
      )}"`,
    ),
    ellipse(1600, 1130, 760, 70, `fill="#3a4a00" opacity="0.3" filter="${paint.blur(34, 0.4)}"`),
    group('transform="translate(1520 690) rotate(-9) scale(1.36) translate(-640 -760)"', sneaker(paint, '#f1f1ee', 0)),
    rect(0, 0, 2400, 1350, `fill="${paint.grain(0.06)}"`),
  ];
  return paint.picture(pixelsWide, Math.round((pixelsWide * 9) / 16), [0, 0, 2400, 1350], body.join(''));
}
