import { ellipse, group, mix, type Painter, path, polygon, rect, tone } from './paint.ts';

/** The ground all scenes are painted on, in pixels; what stands on something stands at `FLOOR`. */
export const WIDTH = 1200;
export const HEIGHT = 1500;
export const FLOOR = 1190;

const HORIZON = 1010;

export type Room = {
  readonly wall: string;
  readonly table: string;
  readonly surface: 'wood' | 'linen' | 'stone' | 'floor';
  readonly light: 'window' | 'soft' | 'leaves';
};

/** A wall and a table by a window on the left. */
export function room(paint: Painter, { wall, table, surface, light }: Room): string {
  return [
    rect(
      0,
      0,
      WIDTH,
      HEIGHT,
      `fill="${paint.linearAt(
        [
          [0, tone(wall, 0.16)],
          [0.55, wall],
          [1, tone(wall, -0.14)],
        ],
        0,
        0,
        WIDTH,
        HORIZON,
      )}"`,
    ),
    rect(
      0,
      0,
      WIDTH,
      HORIZON,
      `fill="${paint.radialAt(
        [
          [0, '#fff8ea', 0.5],
          [1, '#fff8ea', 0],
        ],
        260,
        240,
        900,
      )}"`,
    ),
    light === 'window' ? windowLight(paint) : light === 'leaves' ? leafLight(paint) : '',
    rect(
      0,
      HORIZON - 260,
      WIDTH,
      260,
      `fill="${paint.linearAt(
        [
          [0, '#3a2a1c', 0],
          [1, '#3a2a1c', 0.13],
        ],
        0,
        HORIZON - 260,
        0,
        HORIZON,
      )}"`,
    ),
    ground(paint, table, surface),
  ].join('');
}

function ground(paint: Painter, colour: string, surface: Room['surface']): string {
  const top = HORIZON;
  const base = rect(
    0,
    top,
    WIDTH,
    HEIGHT - top,
    `fill="${paint.linearAt(
      [
        [0, tone(colour, -0.16)],
        [0.12, colour],
        [0.7, tone(colour, 0.1)],
        [1, tone(colour, -0.06)],
      ],
      0,
      top,
      0,
      HEIGHT,
    )}"`,
  );
  const light = rect(
    0,
    top,
    WIDTH,
    HEIGHT - top,
    `fill="${paint.radialAt(
      [
        [0, '#fff6e4', 0.42],
        [1, '#fff6e4', 0],
      ],
      330,
      1230,
      720,
    )}"`,
  );
  const edge = rect(0, top - 2, WIDTH, 5, `fill="${tone(colour, -0.4)}" opacity="0.35" filter="${paint.blur(2, 1)}"`);
  return base + textureOf(paint, colour, surface) + light + edge;
}

function textureOf(paint: Painter, colour: string, surface: Room['surface']): string {
  const height = HEIGHT - HORIZON;
  if (surface === 'wood') {
    const grain = Array.from({ length: 46 }, (_, i) => {
      // Closer together towards the back, as a board seen at an angle.
      const y = HORIZON + height * (i / 46) ** 1.6;
      const wave = paint.between(-6, 6);
      return path(
        `M0 ${y}C300 ${y + wave} 700 ${y - wave} 1200 ${y + wave * 0.6}`,
        `fill="none" stroke="${tone(colour, -0.5)}" stroke-width="${0.6 + (i / 46) * 2.2}" opacity="${paint.between(0.05, 0.2).toFixed(2)}"`,
      );
    });
    return grain.join('');
  }
  if (surface === 'linen') {
    const weave = paint.pattern(
      7,
      5,
      `<path d="M0 1.2h7M0 3.7h7" stroke="${tone(colour, -0.4)}" stroke-width="0.7" opacity="0.28"/><path d="M1.8 0v5M5.3 0v5" stroke="#fff" stroke-width="0.9" opacity="0.2"/>`,
    );
    const folds = Array.from({ length: 3 }, (_, i) => {
      const y = 1240 + i * 95 + paint.between(-20, 20);
      return path(
        `M-60 ${y + 60}C300 ${y - 10} 800 ${y + 90} 1260 ${y - 20}`,
        `fill="none" stroke="${tone(colour, -0.55)}" stroke-width="26" opacity="0.13" filter="${paint.blur(15, 0.6)}"`,
      );
    });
    return rect(0, HORIZON, WIDTH, height, `fill="${weave}"`) + folds.join('');
  }
  if (surface === 'stone')
    return rect(0, HORIZON, WIDTH, height, `fill="${paint.speckles(tone(colour, -0.45), 0.5, 0.16)}" opacity="0.35"`);
  return rect(0, HORIZON - 26, WIDTH, 24, `fill="${tone(colour, 0.3)}" opacity="0.55"`);
}

/** Panes of light on the wall, slanted as in the afternoon. */
function windowLight(paint: Painter): string {
  const x = paint.between(500, 640);
  const panes = [0, 1].flatMap((column) =>
    [0, 1, 2].map((row) => {
      const left = x + column * 205;
      const y = 130 + row * 235 - column * 34;
      return polygon([
        [left, y],
        [left + 185, y - 30],
        [left + 185 + 22, y + 180],
        [left + 22, y + 212],
      ]);
    }),
  );
  return group(`fill="#fff3d8" opacity="0.62" filter="${paint.blur(7, 0.1)}"`, path(panes.join(''), ''));
}

/** Light through a plant that stands outside the picture. */
function leafLight(paint: Painter): string {
  const leaves = Array.from({ length: 30 }, () => {
    const [x, y] = [paint.between(560, 1230), paint.between(20, 760)];
    const size = paint.between(60, 120);
    return `<g transform="translate(${x.toFixed(0)} ${y.toFixed(0)}) rotate(${paint.between(-80, 40).toFixed(0)})"><path d="M0 0C${size * 0.3} ${-size * 0.28} ${size * 0.75} ${-size * 0.24} ${size} 0C${size * 0.7} ${size * 0.26} ${size * 0.3} ${size * 0.24} 0 0Z"/></g>`;
  });
  return (
    path(
      polygon([
        [540, -20],
        [1220, -20],
        [1220, 820],
        [690, 900],
      ]),
      `fill="#fff3d8" opacity="0.5" filter="${paint.blur(22, 0.15)}"`,
    ) + group(`fill="#5b4630" opacity="0.17" filter="${paint.blur(7, 0.1)}"`, ...leaves)
  );
}

/** Where something touches the ground, and the longer shadow the window throws to the right. */
export function standingShadow(
  paint: Painter,
  cx: number,
  y: number,
  halfWidth: number,
  height: number,
  outline?: string,
): string {
  const cast =
    outline === undefined
      ? ellipse(
          cx + halfWidth * 0.9,
          y - 6,
          halfWidth * 1.5,
          Math.max(14, halfWidth * 0.17),
          `fill="#2a1a0e" opacity="0.26" filter="${paint.blur(20, 0.9)}"`,
        )
      : group(
          `opacity="0.3" filter="${paint.blur(13, 0.3)}"`,
          path(
            outline,
            `fill="#2a1a0e" transform="translate(${cx} ${y}) skewX(-60) scale(1 ${Math.min(0.26, 150 / height).toFixed(3)}) translate(${-cx} ${-y})"`,
          ),
        );
  const onWall =
    outline === undefined
      ? ''
      : group(
          `opacity="0.13" filter="${paint.blur(20, 0.3)}"`,
          path(outline, 'fill="#2a1a0e" transform="translate(120 -34)"'),
        );
  return (
    group(`clip-path="${paint.clip(`M0 0H${WIDTH}V${HORIZON}H0Z`)}"`, onWall) +
    group(`clip-path="${paint.clip(`M0 ${HORIZON}H${WIDTH}V${HEIGHT}H0Z`)}"`, cast) +
    ellipse(
      cx + 6,
      y + 1,
      halfWidth * 1.04,
      Math.max(9, halfWidth * 0.12),
      `fill="#1d1108" opacity="0.5" filter="${paint.blur(8, 0.9)}"`,
    )
  );
}

/** The photographer's paper: one colour, light from above, no horizon. */
export function studio(paint: Painter, colour: string): string {
  return [
    rect(
      0,
      0,
      WIDTH,
      HEIGHT,
      `fill="${paint.linearAt(
        [
          [0, tone(colour, 0.05)],
          [0.62, colour],
          [1, mix(colour, '#000000', 0.09)],
        ],
        0,
        0,
        0,
        HEIGHT,
      )}"`,
    ),
    rect(
      0,
      0,
      WIDTH,
      HEIGHT,
      `fill="${paint.radialAt(
        [
          [0, '#ffffff', 0.5],
          [0.55, '#ffffff', 0.12],
          [1, '#000000', 0.1],
        ],
        540,
        560,
        1080,
      )}"`,
    ),
  ].join('');
}

/** What lies flat or hangs before paper: a soft shadow of its own outline, down and to the right. */
export const hangingShadow = (paint: Painter, outline: string): string =>
  group(`opacity="0.3" filter="${paint.blur(22, 0.1)}"`, path(outline, 'fill="#10131a" transform="translate(20 34)"')) +
  group(
    'fill="none" stroke="#10131a" transform="translate(3 7)"',
    ...[13, 8, 4].map((width) => path(outline, `stroke-width="${width}" opacity="0.09"`)),
  );

/** Film grain over the finished picture. */
export const grainOver = (paint: Painter, opacity: number): string =>
  rect(0, 0, WIDTH, HEIGHT, `fill="${paint.grain(opacity)}"`);
