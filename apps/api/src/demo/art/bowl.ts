import { ellipse, gleam, group, lightness, type Painter, path, tone, turned } from './paint.ts';
import { FLOOR, standingShadow } from './stage.ts';

const CX = 600;

/** A wide bowl with fruit, a stack of three, a footed bowl, or a deep one that is empty. */
export function bowl(paint: Painter, colour: string, seed: number): string {
  const form = seed % 4;
  if (form === 1) return stack(paint, colour);
  const profile = (
    [
      [
        [230, 372],
        [190, 360],
        [110, 290],
        [40, 160],
        [0, 128],
      ],
      [],
      [
        [330, 300],
        [300, 292],
        [230, 232],
        [160, 96],
        [130, 60],
        [60, 66],
        [0, 136],
      ],
      [
        [300, 300],
        [240, 304],
        [130, 270],
        [40, 170],
        [0, 130],
      ],
    ][form] ?? []
  ).map(([above = 0, half = 0]) => [FLOOR - above, half] as const);
  const fruit = form === 0 || form === 2;
  return vessel(
    paint,
    CX,
    profile,
    colour,
    fruit ? fruits(paint, profile[0]?.[0] ?? 0, profile[0]?.[1] ?? 0, seed) : '',
  );
}

function vessel(
  paint: Painter,
  cx: number,
  profile: readonly (readonly [number, number])[],
  colour: string,
  inside: string,
  shadow = true,
): string {
  const openness = 0.2;
  const body = turned(paint, cx, profile, colour, { openness });
  const [top, mouth] = [body.top, profile[0]?.[1] ?? 0];
  const glaze = tone(colour, lightness(colour) > 0.45 ? 0.32 : 0.12);
  const hollow = paint.radialAt(
    [
      [0, tone(glaze, -0.12)],
      [0.55, glaze],
      [0.86, tone(glaze, -0.2)],
      [1, tone(glaze, -0.42)],
    ],
    cx + mouth * 0.22,
    top + mouth * 0.12,
    mouth * 1.05,
  );
  const front = `M${cx - mouth - 30} ${top}A${mouth + 30} ${(mouth + 30) * openness} 0 0 0 ${cx + mouth + 30} ${top}V${top - 700}H${cx - mouth - 30}Z`;
  return [
    shadow ? standingShadow(paint, cx, FLOOR, profile.at(-1)?.[1] ?? 100, FLOOR - top, body.outline) : '',
    body.svg,
    path(body.outline, `fill="${paint.relief('0.02 0.06', 1.3)}" style="mix-blend-mode:soft-light" opacity="0.5"`),
    path(
      body.outline,
      `fill="${paint.speckles(tone(colour, lightness(colour) > 0.5 ? -0.5 : 0.5), 0.4)}" opacity="0.4"`,
    ),
    ellipse(cx, top, mouth, mouth * openness, `fill="${tone(colour, 0.34)}"`),
    ellipse(cx, top + 3, mouth - 9, mouth * openness - 6, `fill="${hollow}"`),
    inside === '' ? '' : group(`clip-path="${paint.clip(front)}"`, inside),
    path(
      `M${cx - mouth + 6} ${top + 4}A${mouth - 6} ${(mouth - 6) * openness} 0 0 0 ${cx + mouth - 6} ${top + 4}`,
      `fill="none" stroke="${tone(colour, 0.3)}" stroke-width="9"`,
    ),
    path(
      `M${cx - mouth + 2} ${top + 10}A${mouth - 2} ${(mouth - 2) * openness} 0 0 0 ${cx + mouth - 2} ${top + 10}`,
      `fill="none" stroke="${tone(colour, -0.3)}" stroke-width="3" opacity="0.5"`,
    ),
    gleam(paint, body, cx, top + mouth * openness + 26, body.bottom - 40, -0.5, 24, 0.24),
  ].join('');
}

/** Pears and lemons in soft light, from the back to the front. */
function fruits(paint: Painter, top: number, mouth: number, seed: number): string {
  const places = [
    [-0.42, -0.12],
    [0.02, -0.2],
    [0.44, -0.1],
    [-0.2, 0.05],
    [0.24, 0.07],
  ] as const;
  return places
    .map(([x, y], i) => {
      const [cx, cy] = [CX + x * mouth, top + y * mouth];
      return (seed + i) % 3 === 0
        ? lemon(paint, cx, cy - 20, mouth * 0.3)
        : pear(paint, cx, cy - 24, mouth * 0.3, paint.pick(['#b7a24a', '#a8a452', '#c08f45']));
    })
    .join('');
}

function pear(paint: Painter, cx: number, cy: number, size: number, colour: string): string {
  const d = `M0 ${-size * 1.05}C${size * 0.38} ${-size * 1.05} ${size * 0.36} ${-size * 0.5} ${size * 0.58} ${-size * 0.12}C${size * 0.95} ${size * 0.45} ${size * 0.5} ${size} 0 ${size}C${-size * 0.5} ${size} ${-size * 0.95} ${size * 0.45} ${-size * 0.58} ${-size * 0.12}C${-size * 0.36} ${-size * 0.5} ${-size * 0.38} ${-size * 1.05} 0 ${-size * 1.05}Z`;
  return group(
    `transform="translate(${cx.toFixed(0)} ${cy.toFixed(0)}) rotate(${paint.between(-24, 24).toFixed(0)})"`,
    path(
      `M0 ${-size}q${size * 0.06} ${-size * 0.3} ${size * 0.2} ${-size * 0.36}`,
      'fill="none" stroke="#5a4226" stroke-width="7" stroke-linecap="round"',
    ),
    path(
      d,
      `fill="${paint.radial(
        [
          [0, tone(colour, 0.38)],
          [0.45, colour],
          [0.8, tone(colour, -0.28)],
          [1, tone(colour, -0.55)],
        ],
        0.36,
        0.42,
        0.72,
      )}"`,
    ),
    path(d, `fill="${paint.speckles('#6b4a1e', 0.4, 0.3)}" opacity="0.5"`),
    ellipse(
      size * 0.32,
      size * 0.3,
      size * 0.3,
      size * 0.42,
      `fill="#b0522c" opacity="0.28" filter="${paint.blur(16, 1)}"`,
    ),
  );
}

function lemon(paint: Painter, cx: number, cy: number, size: number): string {
  const d = `M${-size} 0C${-size * 0.85} ${-size * 0.12} ${-size * 0.75} ${-size * 0.72} 0 ${-size * 0.72}C${size * 0.75} ${-size * 0.72} ${size * 0.85} ${-size * 0.12} ${size} 0C${size * 0.85} ${size * 0.12} ${size * 0.75} ${size * 0.72} 0 ${size * 0.72}C${-size * 0.75} ${size * 0.72} ${-size * 0.85} ${size * 0.12} ${-size} 0Z`;
  return group(
    `transform="translate(${cx.toFixed(0)} ${cy.toFixed(0)}) rotate(${paint.between(-50, 50).toFixed(0)})"`,
    path(
      d,
      `fill="${paint.radial(
        [
          [0, '#fdf0a4'],
          [0.5, '#eccb45'],
          [0.85, '#c49a26'],
          [1, '#8d6a18'],
        ],
        0.36,
        0.34,
        0.75,
      )}"`,
    ),
    path(d, `fill="${paint.relief('0.09', 1.2, 2, 240)}" style="mix-blend-mode:soft-light" opacity="0.5"`),
  );
}

/** Three bowls in one another, each a little lighter. */
function stack(paint: Painter, colour: string): string {
  const one = (
    above: number,
    half: number,
    shade: number,
  ): readonly [readonly (readonly [number, number])[], string] => [
    [
      [above + 190, half],
      [above + 150, half - 6],
      [above + 70, half * 0.76],
      [above, half * 0.42],
    ].map(([y = 0, w = 0]) => [FLOOR - y, w] as const),
    tone(colour, shade),
  ];
  const bowls = [one(0, 300, -0.08), one(96, 282, 0.08), one(188, 262, 0.24)];
  return bowls.map(([profile, shade], index) => vessel(paint, CX, profile, shade, '', index === 0)).join('');
}
