/** What every scene is painted with: colours, shapes and the few SVG filters and textures the renderer draws quickly. */

export type Stop = readonly [offset: number, colour: string, opacity?: number];
export type Point = readonly [x: number, y: number];

/** A stream of numbers in [0, 1) that is the same for the same seed on every machine (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const channels = (hex: string): readonly [number, number, number] => {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
};

/** `a` and `b` as `#rrggbb`; `share` of `b` from 0 to 1. */
export function mix(a: string, b: string, share: number): string {
  const from = channels(a);
  const to = channels(b);
  return `#${from
    .map((channel, index) =>
      Math.round(channel + ((to[index] ?? 0) - channel) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

/** Towards light (positive) or shadow (negative). Shadows keep some of the colour, as light thrown back by a room does. */
export function tone(hex: string, amount: number): string {
  if (amount >= 0) return mix(hex, '#fffaf2', amount);
  const [r, g, b] = channels(hex);
  const own = `#${[r * 0.16, g * 0.12, b * 0.13].map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;
  return mix(hex, own, -amount);
}

/** How light a colour is to the eye, 0 to 1. */
export function lightness(hex: string): number {
  const [r, g, b] = channels(hex);
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}

const n = (value: number): string => String(Math.round(value * 10) / 10);

export const polygon = (points: readonly Point[]): string => `M${points.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}Z`;

/** A smooth curve through the points (Catmull-Rom as Béziers); closed when asked. */
export function curve(points: readonly Point[], closed = false, tension = 1): string {
  const at = (index: number): Point => {
    const count = points.length;
    const wrapped = closed ? (index + count) % count : Math.max(0, Math.min(count - 1, index));
    return points[wrapped] ?? [0, 0];
  };
  const segments = Array.from({ length: closed ? points.length : points.length - 1 }, (_, i) => {
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    const k = tension / 6;
    return `C${n(b[0] + (c[0] - a[0]) * k)} ${n(b[1] + (c[1] - a[1]) * k)} ${n(c[0] - (d[0] - b[0]) * k)} ${n(c[1] - (d[1] - b[1]) * k)} ${n(c[0])} ${n(c[1])}`;
  });
  return `M${n(at(0)[0])} ${n(at(0)[1])}${segments.join('')}${closed ? 'Z' : ''}`;
}

export const ellipse = (cx: number, cy: number, rx: number, ry: number, attributes: string): string =>
  `<ellipse cx="${n(cx)}" cy="${n(cy)}" rx="${n(rx)}" ry="${n(ry)}" ${attributes}/>`;

export const rect = (x: number, y: number, width: number, height: number, attributes: string): string =>
  `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" ${attributes}/>`;

export const path = (d: string, attributes: string): string => `<path d="${d}" ${attributes}/>`;

export const group = (attributes: string, ...inside: readonly string[]): string =>
  `<g ${attributes}>${inside.join('')}</g>`;

/** Pixels. */
const PATTERN_TILE = 150;

export type Painter = ReturnType<typeof painter>;

/** Collects the definitions of one picture; each method gives back the reference to write into `fill`, `filter`, `clip-path`. */
export function painter(seed: number) {
  const random = randomFrom(seed);
  const definitions: string[] = [];
  const known = new Map<string, string>();
  const define = (element: (id: string) => string): string => {
    const key = element('');
    const reference = known.get(key);
    if (reference !== undefined) return reference;
    const id = `d${definitions.length}`;
    definitions.push(element(id));
    known.set(key, `url(#${id})`);
    return `url(#${id})`;
  };
  const stopsOf = (stops: readonly Stop[]): string =>
    stops
      .map(
        ([offset, colour, opacity]) =>
          `<stop offset="${offset}" stop-color="${colour}"${opacity === undefined ? '' : ` stop-opacity="${opacity}"`}/>`,
      )
      .join('');

  return {
    random,
    between: (low: number, high: number): number => low + (high - low) * random(),
    pick: <Item>(items: readonly [Item, ...Item[]]): Item => items[Math.floor(random() * items.length)] ?? items[0],

    /** Along the shape's own box, from left to right unless told. */
    linear: (stops: readonly Stop[], x1 = 0, y1 = 0, x2 = 1, y2 = 0): string =>
      define(
        (id) =>
          `<linearGradient id="${id}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}">${stopsOf(stops)}</linearGradient>`,
      ),
    /** In the picture's own coordinates. */
    linearAt: (stops: readonly Stop[], x1: number, y1: number, x2: number, y2: number): string =>
      define(
        (id) =>
          `<linearGradient id="${id}" gradientUnits="userSpaceOnUse" x1="${n(x1)}" y1="${n(y1)}" x2="${n(x2)}" y2="${n(y2)}">${stopsOf(stops)}</linearGradient>`,
      ),
    radial: (stops: readonly Stop[], cx = 0.5, cy = 0.5, r = 0.5): string =>
      define((id) => `<radialGradient id="${id}" cx="${cx}" cy="${cy}" r="${r}">${stopsOf(stops)}</radialGradient>`),
    radialAt: (stops: readonly Stop[], cx: number, cy: number, r: number): string =>
      define(
        (id) =>
          `<radialGradient id="${id}" gradientUnits="userSpaceOnUse" cx="${n(cx)}" cy="${n(cy)}" r="${n(r)}">${stopsOf(stops)}</radialGradient>`,
      ),

    /** Margins are shares of the shape's box: wide enough for what the blur spreads. */
    blur: (deviation: number, margin = 0.3): string =>
      define(
        (id) =>
          `<filter id="${id}" x="${-margin}" y="${-margin}" width="${1 + 2 * margin}" height="${1 + 2 * margin}" color-interpolation-filters="sRGB"><feGaussianBlur stdDeviation="${deviation}"/></filter>`,
      ),
    /** The same for a curve: only the surroundings of its points are blurred, which is several times faster than its whole box. */
    blurAlong: (deviation: number, points: readonly Point[], strokeWidth: number): string => {
      const reach = strokeWidth / 2 + deviation * 2.6;
      const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
      const [left, top] = [Math.min(...xs) - reach, Math.min(...ys) - reach];
      return define(
        (id) =>
          `<filter id="${id}" filterUnits="userSpaceOnUse" x="${n(left)}" y="${n(top)}" width="${n(Math.max(...xs) + reach - left)}" height="${n(Math.max(...ys) + reach - top)}" color-interpolation-filters="sRGB"><feGaussianBlur stdDeviation="${deviation}"/></filter>`,
      );
    },
    clip: (d: string): string => define((id) => `<clipPath id="${id}"><path d="${d}"/></clipPath>`),

    /** Fine noise as of film or paper, black and white by halves; a small tile repeated. */
    grain: (opacity: number, frequency = 0.8): string =>
      define(
        (id) =>
          `<filter id="${id}f" x="0" y="0" width="1" height="1" color-interpolation-filters="sRGB"><feTurbulence type="fractalNoise" baseFrequency="${frequency}" numOctaves="2" seed="${seed % 97}" stitchTiles="stitch"/><feColorMatrix values="0 0 0 0 0  0 0 0 0 0  0 0 0 0 0  1.6 0 0 0 -0.62"/></filter><pattern id="${id}" width="200" height="200" patternUnits="userSpaceOnUse"><rect width="200" height="200" filter="url(#${id}f)" opacity="${opacity}"/></pattern>`,
      ),
    /** Dots of a glaze or a yarn: `amount` from 0 (none) to 1 (many). */
    speckles: (colour: string, amount: number, frequency = 0.22): string =>
      define(
        (id) =>
          `<filter id="${id}f" x="0" y="0" width="1" height="1" color-interpolation-filters="sRGB"><feTurbulence type="fractalNoise" baseFrequency="${frequency}" numOctaves="2" seed="${(seed % 89) + 3}" stitchTiles="stitch"/><feColorMatrix values="0 0 0 0 0  0 0 0 0 0  0 0 0 0 0  14 0 0 0 ${-(10.2 - amount * 2.6)}"/><feComposite operator="in" in="SourceGraphic"/></filter><pattern id="${id}" width="220" height="220" patternUnits="userSpaceOnUse"><rect width="220" height="220" fill="${colour}" filter="url(#${id}f)"/></pattern>`,
      ),
    /** Noise lit from the upper left, grey: laid over a colour with `soft-light` or `multiply` it reads as cloth, felt or stone. */
    relief: (frequency: string, height: number, octaves = 2, tile = 230): string =>
      define(
        (id) =>
          `<filter id="${id}f" x="0" y="0" width="1" height="1" color-interpolation-filters="sRGB"><feTurbulence type="fractalNoise" baseFrequency="${frequency}" numOctaves="${octaves}" seed="${(seed % 83) + 7}" stitchTiles="stitch"/><feDiffuseLighting surfaceScale="${height}" diffuseConstant="0.95" lighting-color="#fff"><feDistantLight azimuth="225" elevation="48"/></feDiffuseLighting></filter><pattern id="${id}" width="${tile}" height="${tile}" patternUnits="userSpaceOnUse"><rect width="${tile}" height="${tile}" filter="url(#${id}f)"/></pattern>`,
      ),
    /** A repeated tile of own drawing. Small ones are laid out several times first: the renderer is slow at repeating a few pixels. */
    pattern: (width: number, height: number, inside: string, transform = ''): string => {
      const [columns, rows] = [Math.ceil(PATTERN_TILE / width), Math.ceil(PATTERN_TILE / height)];
      const copies = Array.from(
        { length: columns * rows },
        (_, i) =>
          `<g transform="translate(${n((i % columns) * width)} ${n(Math.floor(i / columns) * height)})">${inside}</g>`,
      );
      return define(
        (id) =>
          `<pattern id="${id}" width="${n(columns * width)}" height="${n(rows * height)}" patternUnits="userSpaceOnUse"${transform === '' ? '' : ` patternTransform="${transform}"`}>${copies.join('')}</pattern>`,
      );
    },

    /** The finished picture; `view` is the part of the painted ground that is shown. */
    picture: (width: number, height: number, view: readonly [number, number, number, number], body: string): string =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${view.join(' ')}"><defs>${definitions.join('')}</defs>${body}</svg>`,
  };
}

type Profile = readonly (readonly [y: number, halfWidth: number])[];

/** Light across something round, from its left edge to its right: shares of the width and how far towards light or shadow. */
const ROUND_MATTE = [
  [0, -0.4],
  [0.1, -0.2],
  [0.3, 0.2],
  [0.45, 0.06],
  [0.68, -0.2],
  [0.9, -0.52],
  [1, -0.42],
] as const;

export const roundShading = (paint: Painter, colour: string, strength = 1): string =>
  paint.linear(ROUND_MATTE.map(([offset, amount]) => [offset, tone(colour, amount * strength)] as const));

export type Turned = {
  readonly svg: string;
  readonly outline: string;
  readonly halfWidthAt: (y: number) => number;
  readonly top: number;
  readonly bottom: number;
};

/**
 * A body turned on a wheel: its silhouette from `profile` (from top to bottom), shaded slice by slice so that a narrow neck
 * is as round as a wide belly. `openness` is how much of the mouth is seen, as a share of its width.
 */
export function turned(
  paint: Painter,
  cx: number,
  profile: Profile,
  colour: string,
  {
    openness = 0.16,
    strength = 1,
    colourAt,
  }: { openness?: number; strength?: number; colourAt?: (share: number) => string } = {},
): Turned {
  const smooth = smoothed(profile);
  const top = smooth[0]?.[0] ?? 0;
  const bottom = smooth.at(-1)?.[0] ?? 0;
  const halfWidthAt = (y: number): number => {
    const next = smooth.findIndex(([at]) => at >= y);
    const [b, a] = [smooth[next === -1 ? smooth.length - 1 : next], smooth[Math.max(0, next - 1)]];
    if (!a || !b || b[0] === a[0]) return b?.[1] ?? 0;
    return a[1] + ((b[1] - a[1]) * (y - a[0])) / (b[0] - a[0]);
  };
  const mouth = halfWidthAt(top);
  const foot = halfWidthAt(bottom);
  const right = smooth.map(([y, half]): Point => [cx + half, y]);
  const left = smooth.map(([y, half]): Point => [cx - half, y]).toReversed();
  const outline = `M${right.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}A${n(foot)} ${n(foot * openness)} 0 0 1 ${n(cx - foot)} ${n(bottom)}L${left.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}A${n(mouth)} ${n(mouth * openness)} 0 0 1 ${n(cx + mouth)} ${n(top)}Z`;
  const step = 5;
  const count = Math.ceil((bottom + foot * openness - top + mouth * openness) / step);
  const slices = Array.from({ length: count }, (_, index) => {
    const y = top - mouth * openness + index * step;
    const half = halfWidthAt(Math.max(top, Math.min(bottom, y + step / 2)));
    const share = (y - top) / (bottom - top);
    return rect(
      cx - half - 3,
      y,
      half * 2 + 6,
      step + 1,
      `fill="${roundShading(paint, colourAt ? colourAt(Math.max(0, Math.min(1, share))) : colour, strength)}"`,
    );
  });
  const inside = paint.linear([
    [0, tone(colour, -0.35)],
    [0.6, tone(colour, -0.72)],
    [1, tone(colour, -0.3)],
  ]);
  const svg =
    group(
      `clip-path="${paint.clip(outline)}"`,
      ...slices,
      path(
        outline,
        `fill="${paint.linearAt(
          [
            [0, '#000', 0],
            [0.65, '#000', 0],
            [1, '#1a0f08', 0.34],
          ],
          0,
          top,
          0,
          bottom + foot * openness,
        )}"`,
      ),
    ) +
    (openness > 0
      ? ellipse(cx, top, mouth, mouth * openness, `fill="${tone(colour, 0.22)}"`) +
        ellipse(cx, top + 1.5, mouth - 5, Math.max(1, mouth * openness - 3.5), `fill="${inside}"`)
      : '');
  return { svg, outline, halfWidthAt, top, bottom };
}

/** Points between the given ones, so that a body of five measures is round. */
function smoothed(profile: Profile): Profile {
  const at = (index: number): readonly [number, number] =>
    profile[Math.max(0, Math.min(profile.length - 1, index))] ?? [0, 0];
  return profile.flatMap((_, i) => {
    if (i === profile.length - 1) return [at(i)];
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    return Array.from({ length: 14 }, (__, step): readonly [number, number] => {
      const t = step / 14;
      const y = b[0] + (c[0] - b[0]) * t;
      const slopeB = slopeAt(a, b, c) * (c[0] - b[0]);
      const slopeC = slopeAt(b, c, d) * (c[0] - b[0]);
      const [t2, t3] = [t * t, t * t * t];
      return [
        y,
        Math.max(
          0.5,
          (2 * t3 - 3 * t2 + 1) * b[1] + (t3 - 2 * t2 + t) * slopeB + (-2 * t3 + 3 * t2) * c[1] + (t3 - t2) * slopeC,
        ),
      ];
    });
  });
}

/** Level where a body is widest or narrowest, so that bellies and waists are round; finite differences elsewhere. */
function slopeAt(a: Measure, b: Measure, c: Measure): number {
  if (c[0] === a[0] || (b[1] - a[1]) * (c[1] - b[1]) <= 0) return 0;
  return (c[1] - a[1]) / (c[0] - a[0]);
}

type Measure = readonly [y: number, halfWidth: number];

/** A soft stroke of light that follows a turned body, at a share of its width from the middle. */
export function gleam(
  paint: Painter,
  body: Turned,
  cx: number,
  from: number,
  to: number,
  side: number,
  width: number,
  opacity: number,
): string {
  const points = Array.from({ length: 12 }, (_, i): Point => {
    const y = from + ((to - from) * i) / 11;
    return [cx + body.halfWidthAt(y) * side, y];
  });
  return path(
    curve(points),
    `fill="none" stroke="#fff" stroke-width="${width}" stroke-linecap="round" opacity="${opacity}" filter="${paint.blurAlong(width * 0.45, points, width)}"`,
  );
}
