import { curve, ellipse, gleam, group, lightness, mix, type Painter, path, rect, tone, turned } from './paint.ts';
import { FLOOR, standingShadow } from './stage.ts';

const CX = 600;

/** A poured candle in a tumbler, three tapers in holders, a pair of pillars, or a carved one. */
export function candle(paint: Painter, colour: string, seed: number): string {
  const form = [tumbler, tapers, pillars][seed % 3] ?? tumbler;
  return form(paint, colour);
}

function flame(paint: Painter, x: number, y: number, size: number): string {
  const d = `M${x} ${y - size * 2.1}C${x + size * 0.25} ${y - size * 1.3} ${x + size * 0.62} ${y - size * 0.9} ${x + size * 0.5} ${y - size * 0.35}C${x + size * 0.4} ${y + size * 0.12} ${x - size * 0.4} ${y + size * 0.12} ${x - size * 0.5} ${y - size * 0.35}C${x - size * 0.6} ${y - size * 0.9} ${x - size * 0.22} ${y - size * 1.3} ${x} ${y - size * 2.1}Z`;
  return [
    ellipse(
      x,
      y - size,
      size * 11,
      size * 11,
      `fill="${paint.radialAt(
        [
          [0, '#ffdd94', 0.62],
          [0.3, '#ffd17c', 0.25],
          [1, '#ffd17c', 0],
        ],
        x,
        y - size,
        size * 11,
      )}"`,
    ),
    path(
      `M${x} ${y + size * 0.35}V${y - size * 0.5}`,
      `stroke="#2c2119" stroke-width="${(size * 0.13).toFixed(1)}" stroke-linecap="round"`,
    ),
    path(
      d,
      `fill="${paint.linearAt(
        [
          [0, '#fff6d0'],
          [0.5, '#ffd878'],
          [0.85, '#ff9f35'],
          [1, '#6f78c9', 0.5],
        ],
        0,
        y - size * 2.1,
        0,
        y + size * 0.1,
      )}"`,
    ),
    ellipse(x, y - size * 0.72, size * 0.2, size * 0.55, 'fill="#fffdf0" opacity="0.9"'),
  ].join('');
}

function tumbler(paint: Painter, colour: string): string {
  const body = turned(
    paint,
    CX,
    [
      [430, 212],
      [400, 214],
      [200, 212],
      [40, 204],
      [0, 190],
    ].map(([above = 0, w = 0]) => [FLOOR - above, w] as const),
    colour,
    { openness: 0.17 },
  );
  const wax = lightness(colour) > 0.55 ? '#fbf1dc' : '#f4e6c9';
  const top = body.top;
  const label = `M${CX - 96} ${top + 190}Q${CX} ${top + 216} ${CX + 96} ${top + 190}V${top + 318}Q${CX} ${top + 344} ${CX - 96} ${top + 318}Z`;
  const ink = mix(colour, '#2a2018', 0.75);
  return [
    standingShadow(paint, CX, FLOOR, 190, 430, body.outline),
    body.svg,
    path(body.outline, `fill="${paint.relief('0.02 0.03', 1.1)}" style="mix-blend-mode:soft-light" opacity="0.4"`),
    ellipse(
      CX,
      top + 8,
      200,
      31,
      `fill="${paint.radialAt(
        [
          [0, '#fffbe9'],
          [0.4, wax],
          [1, tone(wax, -0.28)],
        ],
        CX,
        top + 6,
        200,
      )}"`,
    ),
    ellipse(CX, top + 6, 92, 13, 'fill="#fff8dc" opacity="0.7"'),
    path(
      `M${CX - 212} ${top + 2}A212 36 0 0 0 ${CX + 212} ${top + 2}`,
      `fill="none" stroke="${tone(colour, 0.35)}" stroke-width="8"`,
    ),
    path(
      label,
      `fill="${paint.linear([
        [0, '#e6dac4'],
        [0.3, '#fbf5e8'],
        [1, '#dccfb7'],
      ])}"`,
    ),
    // A label that says little: a mark and two lines of small print.
    path(
      `M${CX} ${top + 222}c-18 0 -26 16 -12 26c-16 2 -14 24 4 22c2 12 14 12 16 0c18 2 20 -20 4 -22c14 -10 6 -26 -12 -26Z`,
      `fill="none" stroke="${ink}" stroke-width="3.4"`,
    ),
    rect(CX - 50, top + 290, 100, 4.5, `fill="${ink}" opacity="0.8"`),
    rect(CX - 30, top + 304, 60, 4, `fill="${ink}" opacity="0.55"`),
    gleam(paint, body, CX, top + 70, body.bottom - 40, -0.66, 26, 0.3),
    flame(paint, CX, top - 14, 30),
  ].join('');
}

function tapers(paint: Painter, colour: string): string {
  const places = [
    [CX - 190, 520, 0.9],
    [CX + 10, 680, 1],
    [CX + 210, 420, 0.95],
  ] as const;
  return places
    .map(([x, height, scale]) => {
      const holder = turned(
        paint,
        x,
        [
          [96, 34],
          [80, 38],
          [56, 26],
          [30, 40],
          [12, 78],
          [0, 84],
        ].map(([above = 0, w = 0]) => [FLOOR - above * scale, w * scale] as const),
        '#a9803f',
        { openness: 0.2, strength: 1.25 },
      );
      const top = FLOOR - height;
      const stick = turned(
        paint,
        x,
        [
          [top, 13],
          [top + 60, 19],
          [holder.top + 6, 24],
        ],
        colour,
        { openness: 0.25 },
      );
      return [
        standingShadow(paint, x, FLOOR, 78, height, stick.outline + holder.outline),
        holder.svg,
        stick.svg,
        path(
          stick.outline,
          `fill="${paint.linearAt(
            [
              [0, '#ffe7ae', 0.85],
              [1, '#ffe7ae', 0],
            ],
            0,
            top,
            0,
            top + 150,
          )}"`,
        ),
        flame(paint, x, top - 14, 23),
      ].join('');
    })
    .join('');
}

function pillars(paint: Painter, colour: string): string {
  const places = [
    [CX - 120, 560, 112],
    [CX + 150, 360, 132],
  ] as const;
  return places
    .map(([x, height, half], index) => {
      const top = FLOOR - height;
      const wax = index === 0 ? colour : tone(colour, 0.3);
      const body = turned(
        paint,
        x,
        [
          [top, half - 4],
          [top + 20, half],
          [FLOOR - 10, half],
          [FLOOR, half - 4],
        ],
        wax,
        { openness: 0.17 },
      );
      const ribs = Array.from({ length: 13 }, (_, i) => {
        const side = Math.sin(((i / 12) * 2 - 1) * (Math.PI / 2)) * half;
        return path(
          curve([
            [x + side, top + half * 0.16],
            [x + side, FLOOR + half * 0.1],
          ]),
          `fill="none" stroke="${tone(wax, -0.38)}" stroke-width="${(7 * Math.cos(((i / 12) * 2 - 1) * 1.3) + 1.5).toFixed(1)}" opacity="0.3"`,
        );
      });
      return [
        standingShadow(paint, x, FLOOR, half, height, body.outline),
        body.svg,
        group(`clip-path="${paint.clip(body.outline)}" filter="${paint.blur(1.6, 0.05)}"`, ...ribs),
        ellipse(
          x,
          top,
          half - 4,
          half * 0.17,
          `fill="${paint.radialAt(
            [
              [0, '#fff8e0'],
              [0.6, tone(wax, 0.35)],
              [1, tone(wax, -0.1)],
            ],
            x,
            top,
            half,
          )}"`,
        ),
        path(
          body.outline,
          `fill="${paint.linearAt(
            [
              [0, '#ffe9b5', 0.7],
              [1, '#ffe9b5', 0],
            ],
            0,
            top,
            0,
            top + 190,
          )}"`,
        ),
        gleam(paint, body, x, top + 60, FLOOR - 60, -0.55, 18, 0.2),
        flame(paint, x, top - 8, 26),
      ].join('');
    })
    .join('');
}
