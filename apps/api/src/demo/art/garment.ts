import { curve, ellipse, group, lightness, type Painter, path, type Point, polygon, rect, tone } from './paint.ts';

/** What hoodie and tee share: cloth with folds, ribs, and the marks that are printed on them. */

const MIDDLE = 600;

export const flip = (points: readonly Point[]): readonly Point[] => points.map(([x, y]) => [2 * MIDDLE - x, y]);

export type Fold = { readonly points: readonly Point[]; readonly width: number; readonly depth: number };

/** A piece of cloth: its colour, light from the upper left, folds clipped to its outline, and the fine relief of the yarn. */
export function cloth(paint: Painter, d: string, colour: string, folds: readonly Fold[], relief = '0.62'): string {
  const dark = lightness(colour) < 0.2;
  const shadow = dark ? '#000000' : tone(colour, -0.75);
  const light = dark ? tone(colour, 0.45) : '#ffffff';
  return group(
    `clip-path="${paint.clip(d)}"`,
    path(
      d,
      `fill="${paint.linear(
        [
          [0, tone(colour, 0.1)],
          [0.45, colour],
          [1, tone(colour, -0.24)],
        ],
        0,
        0,
        1,
        0.9,
      )}"`,
    ),
    ...folds.map(({ points, width, depth }) => {
      const lit = points.map(([x, y]): Point => [x - width * 0.55, y - width * 0.3]);
      return [
        path(
          curve(points),
          `fill="none" stroke="${shadow}" stroke-width="${width}" stroke-linecap="round" opacity="${(depth * (dark ? 1.25 : 0.62)).toFixed(2)}" filter="${paint.blurAlong(Math.round(width * 0.36), points, width)}"`,
        ),
        path(
          curve(lit),
          `fill="none" stroke="${light}" stroke-width="${(width * 0.6).toFixed(0)}" stroke-linecap="round" opacity="${(depth * (dark ? 0.5 : 0.55)).toFixed(2)}" filter="${paint.blurAlong(Math.round(width * 0.3), lit, width * 0.6)}"`,
        ),
      ].join('');
    }),
    path(
      d,
      `fill="${paint.relief(relief, dark ? 0.8 : 0.9, 2, 160)}" style="mix-blend-mode:soft-light" opacity="${dark ? 0.5 : 0.42}"`,
    ),
    // The turn of the edge, in three strokes: a blur of the whole outline costs more and looks the same.
    ...[26, 15, 6].map((width) => path(d, `fill="none" stroke="${shadow}" stroke-width="${width}" opacity="0.1"`)),
  );
}

/** Ribbed knit along an edge: `d` is filled with lines that run across it. */
export function ribs(paint: Painter, d: string, colour: string, angle = 0): string {
  const lines = paint.pattern(
    11,
    11,
    `<rect width="11" height="11" fill="${tone(colour, -0.08)}"/><rect width="5" height="11" fill="${tone(colour, lightness(colour) < 0.2 ? 0.16 : 0.14)}"/><rect x="7.6" width="3.4" height="11" fill="${tone(colour, -0.4)}" opacity="0.75"/>`,
    `rotate(${angle})`,
  );
  return (
    path(d, `fill="${lines}"`) +
    path(
      d,
      `fill="${paint.linear([
        [0, '#fff', 0.08],
        [0.5, '#000', 0],
        [1, '#000', 0.3],
      ])}"`,
    ) +
    path(d, `fill="none" stroke="${tone(colour, -0.65)}" stroke-width="2" opacity="0.5"`)
  );
}

export const stitch = (d: string, colour: string, width = 2.4): string =>
  path(d, `fill="none" stroke="${colour}" stroke-width="${width}" stroke-dasharray="9 5" opacity="0.6"`);

/** A cloud of three circles on a flat foot; `size` is half its width. */
export function cloud(x: number, y: number, size: number): string {
  const s = size / 100;
  const at = (px: number, py: number): string => `${(x + px * s).toFixed(1)} ${(y + py * s).toFixed(1)}`;
  const arc = (r: number, px: number, py: number): string =>
    `A${(r * s).toFixed(1)} ${(r * s).toFixed(1)} 0 0 1 ${at(px, py)}`;
  return `M${at(-66, 44)}${arc(34, -72, -22)}${arc(40, -22, -52)}${arc(44, 52, -40)}${arc(44, 66, 44)}Z`;
}

/** The brand's name in block letters, drawn: no font is needed where it is rendered. */
export function blockLetters(x: number, y: number, height: number): string {
  const u = height / 5;
  const box = (px: number, py: number, w: number, h: number): string =>
    `M${(x + px * u).toFixed(1)} ${(y + py * u).toFixed(1)}h${(w * u).toFixed(1)}v${(h * u).toFixed(1)}h${(-w * u).toFixed(1)}Z`;
  const shape = (points: readonly Point[]): string =>
    polygon(points.map(([px, py]): Point => [x + px * u, y + py * u]));
  return [
    box(0, 0, 1.35, 5),
    shape([
      [1.35, 2],
      [2.7, 0],
      [4.25, 0],
      [2.65, 2.4],
      [4.35, 5],
      [2.75, 5],
      [1.35, 2.9],
    ]),
    shape([
      [4.9, 0],
      [6.25, 0],
      [6.25, 3.85],
      [7.75, 3.85],
      [7.75, 0],
      [9.1, 0],
      [9.1, 4.3],
      [8.5, 5],
      [5.5, 5],
      [4.9, 4.3],
    ]),
    shape([
      [9.75, 5],
      [9.75, 0],
      [11.3, 0],
      [12.5, 2.3],
      [13.7, 0],
      [15.25, 0],
      [15.25, 5],
      [13.95, 5],
      [13.95, 2.4],
      [12.9, 4.3],
      [12.1, 4.3],
      [11.05, 2.4],
      [11.05, 5],
    ]),
    `${shape([
      [16.5, 0],
      [19.7, 0],
      [20.3, 0.7],
      [20.3, 4.3],
      [19.7, 5],
      [16.5, 5],
      [15.9, 4.3],
      [15.9, 0.7],
    ])}${shape([
      [17.25, 1.15],
      [17.25, 3.85],
      [18.95, 3.85],
      [18.95, 1.15],
    ])}`,
  ].join('');
}

/** As wide as `blockLetters` of this height. */
export const letterWidth = (height: number): number => (height / 5) * 20.3;

/** What is printed: a mark small on the chest, the name across, the cloud large, or nothing at all. */
export function print(paint: Painter, garment: string, cx: number, y: number, seed: number): string {
  const ink = lightness(garment) > 0.45 ? '#111111' : '#f4f4f2';
  const kind = seed % 4;
  const accent = lightness(garment) > 0.7 ? '#111111' : '#d2ff1f';
  if (kind === 0)
    return (
      path(
        cloud(cx, y + 90, 112),
        `fill="none" stroke="${accent}" stroke-width="15" stroke-linejoin="round" opacity="0.94"`,
      ) + path(blockLetters(cx - letterWidth(34) / 2, y + 176, 34), `fill="${ink}" fill-rule="evenodd" opacity="0.92"`)
    );
  if (kind === 1)
    return path(blockLetters(cx - letterWidth(66) / 2, y + 30, 66), `fill="${ink}" fill-rule="evenodd" opacity="0.93"`);
  if (kind === 2) return path(cloud(cx + 96, y - 10, 40), `fill="${accent}" opacity="0.95"`);
  return [
    rect(cx - 150, y, 300, 300, `fill="${accent}" opacity="0.95"`),
    ...[0, 1, 2, 3, 4].map((i) => rect(cx - 150, y + 18 + i * 60, 300, 8 + i * 8, `fill="${garment}"`)),
    ellipse(cx, y + 150, 84, 84, `fill="${garment}"`),
    path(cloud(cx, y + 154, 50), `fill="${accent}"`),
  ].join('');
}
