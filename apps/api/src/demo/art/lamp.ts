import { curve, ellipse, gleam, group, mix, type Painter, path, polygon, rect, tone, turned } from './paint.ts';
import { FLOOR, standingShadow } from './stage.ts';

const CX = 590;
const WARM = '#ffdf9e';

/** A table lamp with a linen shade, a mushroom of opal glass, a pendant, or a reading lamp; all of them lit. */
export function lamp(paint: Painter, colour: string, seed: number): string {
  const form = [linenShade, mushroom, pendant, readingLamp][seed % 4] ?? linenShade;
  return form(paint, colour, seed);
}

const glow = (paint: Painter, cx: number, cy: number, radius: number, opacity: number): string =>
  ellipse(
    cx,
    cy,
    radius,
    radius,
    `fill="${paint.radialAt(
      [
        [0, WARM, opacity],
        [0.45, WARM, opacity * 0.42],
        [1, WARM, 0],
      ],
      cx,
      cy,
      radius,
    )}"`,
  );

function linenShade(paint: Painter, colour: string, seed: number): string {
  const low = seed % 8 >= 4;
  const base = turned(
    paint,
    CX,
    (low
      ? [
          [330, 24],
          [300, 30],
          [270, 120],
          [170, 168],
          [70, 140],
          [0, 96],
        ]
      : [
          [400, 22],
          [370, 26],
          [330, 60],
          [250, 122],
          [150, 132],
          [60, 92],
          [0, 104],
        ]
    ).map(([above = 0, half = 0]) => [FLOOR - above, half] as const),
    colour,
    { openness: 0.12 },
  );
  const top = base.top - 330;
  const bottom = base.top - 4;
  const [upper, lower] = [150, 262];
  const shade = `M${CX - upper} ${top}A${upper} 22 0 0 1 ${CX + upper} ${top}L${CX + lower} ${bottom}A${lower} 40 0 0 1 ${CX - lower} ${bottom}Z`;
  const cloth = '#efe2c8';
  const weave = paint.pattern(
    6,
    6,
    '<path d="M0 1.5h6M0 4.5h6" stroke="#8a6b3f" stroke-width="0.6" opacity="0.22"/><path d="M1.5 0v6M4.5 0v6" stroke="#fff" stroke-width="0.7" opacity="0.16"/>',
  );
  const outline = base.outline + shade;
  return [
    glow(paint, CX, (top + bottom) / 2, 720, 0.55),
    standingShadow(paint, CX, FLOOR, 108, FLOOR - top, outline),
    rect(
      CX - 9,
      base.top - 40,
      18,
      60,
      `fill="${paint.linear([
        [0, '#6b4d22'],
        [0.35, '#e2c078'],
        [1, '#5a3f1a'],
      ])}"`,
    ),
    base.svg,
    path(base.outline, `fill="${paint.relief('0.03 0.05', 1.4)}" style="mix-blend-mode:soft-light" opacity="0.5"`),
    gleam(paint, base, CX, base.top + 120, base.bottom - 60, -0.44, 20, 0.3),
    path(
      base.outline,
      `fill="${paint.linearAt(
        [
          [0, WARM, 0.5],
          [1, WARM, 0],
        ],
        0,
        base.top,
        0,
        base.top + 210,
      )}"`,
    ),
    ellipse(
      CX,
      FLOOR + 6,
      420,
      72,
      `fill="${paint.radial([
        [0, WARM, 0.5],
        [1, WARM, 0],
      ])}"`,
    ),
    path(
      shade,
      `fill="${paint.linear([
        [0, tone(cloth, -0.32)],
        [0.2, tone(cloth, 0.1)],
        [0.5, '#fff3d2'],
        [0.8, tone(cloth, -0.02)],
        [1, tone(cloth, -0.38)],
      ])}"`,
    ),
    path(
      shade,
      `fill="${paint.radialAt(
        [
          [0, '#fff4cf', 0.95],
          [0.6, '#ffd98a', 0.35],
          [1, '#ffd98a', 0],
        ],
        CX,
        bottom - 120,
        280,
      )}"`,
    ),
    path(shade, `fill="${weave}"`),
    path(
      `M${CX - upper} ${top}A${upper} 22 0 0 1 ${CX + upper} ${top}`,
      `fill="none" stroke="#fff8e6" stroke-width="5" opacity="0.8"`,
    ),
    path(
      `M${CX - lower} ${bottom}A${lower} 40 0 0 0 ${CX + lower} ${bottom}`,
      `fill="none" stroke="${tone(cloth, -0.35)}" stroke-width="5" opacity="0.7"`,
    ),
  ].join('');
}

function mushroom(paint: Painter, colour: string): string {
  const capTop = FLOOR - 640;
  const capBottom = FLOOR - 330;
  const half = 288;
  const cap = `M${CX - half} ${capBottom}C${CX - half} ${capTop + 40} ${CX - 150} ${capTop} ${CX} ${capTop}C${CX + 150} ${capTop} ${CX + half} ${capTop + 40} ${CX + half} ${capBottom}A${half} 46 0 0 1 ${CX - half} ${capBottom}Z`;
  const stem = turned(
    paint,
    CX,
    [
      [360, 46],
      [300, 52],
      [200, 70],
      [90, 116],
      [20, 168],
      [0, 172],
    ].map(([above = 0, w = 0]) => [FLOOR - above, w] as const),
    colour,
    { openness: 0 },
  );
  return [
    glow(paint, CX, capBottom - 40, 700, 0.5),
    standingShadow(paint, CX, FLOOR, 172, 640, stem.outline + cap),
    stem.svg,
    path(
      stem.outline,
      `fill="${paint.linearAt(
        [
          [0, WARM, 0.75],
          [1, WARM, 0.05],
        ],
        0,
        capBottom,
        0,
        FLOOR - 90,
      )}"`,
    ),
    ellipse(
      CX,
      FLOOR + 4,
      420,
      66,
      `fill="${paint.radial([
        [0, WARM, 0.45],
        [1, WARM, 0],
      ])}"`,
    ),
    ellipse(CX, capBottom, half, 46, `fill="#fff2cc"`),
    path(
      cap,
      `fill="${paint.linear([
        [0, tone(colour, -0.3)],
        [0.24, tone(colour, 0.24)],
        [0.55, colour],
        [0.86, tone(colour, -0.38)],
        [1, tone(colour, -0.25)],
      ])}"`,
    ),
    path(
      cap,
      `fill="${paint.linearAt(
        [
          [0, WARM, 0],
          [0.55, WARM, 0.1],
          [1, '#fff0c2', 0.72],
        ],
        0,
        capTop,
        0,
        capBottom + 46,
      )}"`,
    ),
    ellipse(
      CX - 96,
      capTop + 96,
      92,
      40,
      `fill="#fff" opacity="0.4" transform="rotate(-24 ${CX - 96} ${capTop + 96})" filter="${paint.blur(20, 1)}"`,
    ),
    path(
      `M${CX - half} ${capBottom}A${half} 46 0 0 0 ${CX + half} ${capBottom}`,
      `fill="none" stroke="#fff6dc" stroke-width="4" opacity="0.9"`,
    ),
  ].join('');
}

function pendant(paint: Painter, colour: string): string {
  const top = 420;
  const bottom = 760;
  const half = 330;
  const dome = `M${CX - half} ${bottom}C${CX - half + 6} ${top + 120} ${CX - 130} ${top + 6} ${CX - 44} ${top}H${CX + 44}C${CX + 130} ${top + 6} ${CX + half - 6} ${top + 120} ${CX + half} ${bottom}A${half} 52 0 0 1 ${CX - half} ${bottom}Z`;
  return [
    group(
      `opacity="0.16" filter="${paint.blur(24, 0.2)}"`,
      path(dome, 'fill="#2a1a0e" transform="translate(150 20)"'),
      rect(CX + 146, -10, 8, 440, 'fill="#2a1a0e"'),
    ),
    path(
      polygon([
        [CX - half, bottom],
        [CX + half, bottom],
        [CX + 620, 1500],
        [CX - 620, 1500],
      ]),
      `fill="${paint.linearAt(
        [
          [0, WARM, 0.5],
          [1, WARM, 0],
        ],
        0,
        bottom,
        0,
        1460,
      )}" filter="${paint.blur(34, 0.1)}"`,
    ),
    ellipse(
      CX,
      FLOOR + 60,
      560,
      130,
      `fill="${paint.radial([
        [0, '#fff1c8', 0.75],
        [1, '#fff1c8', 0],
      ])}"`,
    ),
    rect(CX - 3.5, -10, 7, 400, `fill="${tone('#3b3027', 0.1)}"`),
    rect(
      CX - 28,
      384,
      56,
      44,
      `rx="6" fill="${paint.linear([
        [0, '#5e431b'],
        [0.3, '#e6c680'],
        [0.6, '#a67c3a'],
        [1, '#4f3815'],
      ])}"`,
    ),
    path(
      dome,
      `fill="${paint.linear([
        [0, tone(colour, -0.42)],
        [0.14, tone(colour, -0.1)],
        [0.3, tone(colour, 0.34)],
        [0.48, colour],
        [0.8, tone(colour, -0.42)],
        [1, tone(colour, -0.3)],
      ])}"`,
    ),
    path(
      dome,
      `fill="${paint.linearAt(
        [
          [0, '#fff', 0.1],
          [0.5, '#fff', 0],
          [1, '#000', 0.16],
        ],
        0,
        top,
        0,
        bottom,
      )}"`,
    ),
    ellipse(
      CX,
      bottom,
      half,
      52,
      `fill="${paint.radialAt(
        [
          [0, '#fffdf2'],
          [0.3, '#fff0bf'],
          [1, mix(WARM, colour, 0.25)],
        ],
        CX,
        bottom,
        half,
      )}"`,
    ),
    ellipse(CX, bottom, half, 52, `fill="none" stroke="${tone(colour, -0.3)}" stroke-width="5"`),
    ellipse(CX, bottom - 6, 58, 22, 'fill="#fff"'),
    path(
      curve([
        [CX - 176, top + 70],
        [CX - 226, top + 150],
        [CX - 252, top + 250],
      ]),
      `fill="none" stroke="#fff" stroke-width="22" stroke-linecap="round" opacity="0.32" filter="${paint.blur(12, 1)}"`,
    ),
  ].join('');
}

function readingLamp(paint: Painter, colour: string): string {
  const stemX = 500;
  const brass = paint.linear([
    [0, tone(colour, -0.5)],
    [0.35, tone(colour, 0.35)],
    [0.6, colour],
    [1, tone(colour, -0.55)],
  ]);
  const headX = 690;
  const headY = 560;
  const head = polygon([
    [-62, -92],
    [62, -92],
    [158, 132],
    [-158, 132],
  ]);
  const stem = `M${stemX} ${FLOOR - 20}V600C${stemX} 480 ${headX - 90} 440 ${headX} ${headY - 96}`;
  return [
    glow(paint, headX + 90, 790, 620, 0.45),
    standingShadow(paint, stemX, FLOOR, 168, 600),
    group(
      `opacity="0.14" filter="${paint.blur(16, 0.2)}" transform="translate(120 10)"`,
      path(stem, 'fill="none" stroke="#2a1a0e" stroke-width="18"'),
      group(`transform="translate(${headX} ${headY}) rotate(-24)"`, path(head, 'fill="#2a1a0e"')),
    ),
    path(
      polygon([
        [headX - 40, headY + 190],
        [headX + 230, headY + 70],
        [1180, FLOOR + 190],
        [430, FLOOR + 190],
      ]),
      `fill="${paint.linearAt(
        [
          [0, WARM, 0.55],
          [1, WARM, 0.04],
        ],
        headX,
        headY + 100,
        760,
        FLOOR + 160,
      )}" filter="${paint.blur(30, 0.15)}"`,
    ),
    ellipse(
      800,
      FLOOR + 60,
      360,
      80,
      `fill="${paint.radial([
        [0, '#fff1c8', 0.75],
        [1, '#fff1c8', 0],
      ])}"`,
    ),
    ellipse(stemX, FLOOR - 2, 168, 30, `fill="${brass}"`),
    rect(stemX - 168, FLOOR - 20, 336, 20, `fill="${brass}"`),
    ellipse(
      stemX,
      FLOOR - 20,
      168,
      30,
      `fill="${paint.linear([
        [0, tone(colour, -0.2)],
        [0.4, tone(colour, 0.42)],
        [1, tone(colour, -0.25)],
      ])}"`,
    ),
    path(stem, `fill="none" stroke="${tone(colour, -0.35)}" stroke-width="17"`),
    path(stem, `fill="none" stroke="${tone(colour, 0.32)}" stroke-width="6" transform="translate(-3 -1)"`),
    group(
      `transform="translate(${headX} ${headY}) rotate(-24)"`,
      path(head, `fill="${brass}"`),
      ellipse(
        0,
        132,
        158,
        34,
        `fill="${paint.radial([
          [0, '#fffdf0'],
          [0.5, '#ffefbd'],
          [1, mix(WARM, colour, 0.3)],
        ])}"`,
      ),
      ellipse(0, 132, 158, 34, `fill="none" stroke="${tone(colour, -0.4)}" stroke-width="4"`),
      ellipse(0, -92, 62, 13, `fill="${tone(colour, 0.3)}"`),
    ),
  ].join('');
}
