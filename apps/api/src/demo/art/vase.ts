import { curve, ellipse, gleam, group, lightness, type Painter, path, type Point, tone, turned } from './paint.ts';
import { FLOOR, standingShadow } from './stage.ts';

const CX = 590;

/** Heights above the floor and half widths, from the lip to the foot. */
const FORMS = [
  // A bottle with a long neck.
  [
    [640, 62],
    [600, 50],
    [480, 50],
    [390, 92],
    [250, 196],
    [130, 190],
    [0, 118],
  ],
  // A round moon jar.
  [
    [500, 92],
    [470, 84],
    [430, 110],
    [330, 214],
    [210, 248],
    [90, 200],
    [0, 118],
  ],
  // A tall cylinder with a narrow shoulder.
  [
    [600, 104],
    [570, 96],
    [530, 108],
    [470, 150],
    [300, 158],
    [120, 150],
    [0, 132],
  ],
  // An amphora with a small foot.
  [
    [620, 96],
    [590, 76],
    [530, 72],
    [440, 136],
    [330, 200],
    [180, 150],
    [70, 84],
    [0, 104],
  ],
] as const;

export function vase(paint: Painter, colour: string, seed: number): string {
  const form = FORMS[seed % FORMS.length] ?? FORMS[0];
  const profile = form.map(([above, half]) => [FLOOR - above, half] as const);
  const second = tone(colour, lightness(colour) > 0.5 ? -0.42 : 0.45);
  const dipped = seed % 3 === 2;
  const body = turned(paint, CX, profile, colour, {
    openness: 0.15,
    ...(dipped ? { colourAt: (share: number) => (share > 0.62 ? second : colour) } : {}),
  });
  const spots = path(body.outline, `fill="${paint.speckles(second, 0.55)}" opacity="0.5"`);
  const stone = path(
    body.outline,
    `fill="${paint.relief('0.035 0.05', 1.6)}" style="mix-blend-mode:soft-light" opacity="0.55"`,
  );
  const stems = seed % 4 === 1 ? '' : branches(paint, body.top, form[0][1] * 0.5, seed);
  return [
    standingShadow(paint, CX, FLOOR, form.at(-1)?.[1] ?? 100, FLOOR - body.top, body.outline),
    group(`opacity="0.1" filter="${paint.blur(14, 0.2)}" transform="translate(110 -20)"`, stems),
    stems,
    body.svg,
    stone,
    spots,
    gleam(paint, body, CX, body.top + 210, body.bottom - 110, -0.42, 26, 0.22),
  ].join('');
}

/** Dry stems: eucalyptus with round leaves, or grasses with a feather on top. */
function branches(paint: Painter, top: number, spread: number, seed: number): string {
  const grasses = seed % 2 === 0;
  const count = grasses ? 7 : 4;
  return Array.from({ length: count }, (_, i) => {
    const lean = ((i + 0.5) / count - 0.5) * 2 + paint.between(-0.15, 0.15);
    const length = paint.between(330, 470) * (1 - Math.abs(lean) * 0.25);
    const points = Array.from({ length: 7 }, (__, k): Point => {
      const t = k / 6;
      return [CX + lean * spread * 0.8 + lean * t * t * 240, top + 30 - length * t - 30];
    });
    const stem = path(
      curve(points),
      `fill="none" stroke="${grasses ? '#a98a5c' : '#6d6a4c'}" stroke-width="${grasses ? 3 : 4.5}" stroke-linecap="round"`,
    );
    return stem + (grasses ? feather(paint, points) : leaves(paint, points, lean));
  }).join('');
}

function feather(paint: Painter, points: readonly Point[]): string {
  const [tip, before] = [points[6] ?? [0, 0], points[4] ?? [0, 0]];
  const colour = paint.pick(['#d9c39b', '#cdb389', '#e3d2ae']);
  return Array.from({ length: 34 }, (_, i) => {
    const t = i / 33;
    const [x, y] = [before[0] + (tip[0] - before[0]) * t, before[1] + (tip[1] - before[1]) * t];
    const side = i % 2 === 0 ? -1 : 1;
    const width = Math.sin(Math.PI * (0.15 + t * 0.8)) * paint.between(20, 34);
    return path(
      `M${x.toFixed(1)} ${y.toFixed(1)}q${(side * width * 0.5).toFixed(1)} ${(-6).toFixed(1)} ${(side * width).toFixed(1)} ${paint.between(-38, -18).toFixed(1)}`,
      `fill="none" stroke="${tone(colour, paint.between(-0.25, 0.2))}" stroke-width="4" stroke-linecap="round" opacity="0.85"`,
    );
  }).join('');
}

function leaves(paint: Painter, points: readonly Point[], lean: number): string {
  return points
    .slice(1)
    .flatMap(([x, y], i) =>
      [-1, 1].map((side) => {
        const size = paint.between(30, 46) * (1 - i * 0.07);
        const colour = tone('#8c9478', paint.between(-0.3, 0.22));
        const angle = side * paint.between(28, 60) + lean * 30;
        return group(
          `transform="translate(${x.toFixed(1)} ${(y + paint.between(-12, 12)).toFixed(1)}) rotate(${angle.toFixed(0)})"`,
          ellipse(
            0,
            -size,
            size * 0.62,
            size,
            `fill="${paint.linear([
              [0, tone(colour, 0.2)],
              [0.5, colour],
              [1, tone(colour, -0.3)],
            ])}"`,
          ),
          path(`M0 0V${(-size * 1.8).toFixed(0)}`, `stroke="${tone(colour, -0.35)}" stroke-width="1.4" opacity="0.6"`),
        );
      }),
    )
    .join('');
}
