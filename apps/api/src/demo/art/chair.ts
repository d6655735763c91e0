import {
  curve,
  ellipse,
  gleam,
  group,
  mix,
  type Painter,
  path,
  type Point,
  polygon,
  rect,
  tone,
  turned,
} from './paint.ts';
import { FLOOR, standingShadow } from './stage.ts';

const CX = 600;
const OAK = '#b98a56';

/** An upholstered armchair, a spindle-back chair, a round stool, or a lounge chair without arms. */
export function chair(paint: Painter, colour: string, seed: number): string {
  const form = [armchair, spindleBack, stool, lounge][seed % 4] ?? armchair;
  return form(paint, colour);
}

/** A tapered round bar of wood, lit from the left. */
function bar(paint: Painter, from: Point, to: Point, fromWidth: number, toWidth: number, colour: string): string {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  const [nx, ny] = [-dy / length, dx / length];
  const side = nx < 0 || (nx === 0 && ny < 0) ? 1 : -1;
  const at = ([x, y]: Point, half: number): Point => [x + nx * half * side, y + ny * half * side];
  const half = (fromWidth + toWidth) / 4;
  const middle: Point = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  const [a, b] = [at(middle, half), at(middle, -half)];
  const fill = paint.linearAt(
    [
      [0, tone(colour, -0.3)],
      [0.28, tone(colour, 0.28)],
      [0.55, colour],
      [1, tone(colour, -0.52)],
    ],
    a[0],
    a[1],
    b[0],
    b[1],
  );
  return path(
    polygon([at(from, fromWidth / 2), at(to, toWidth / 2), at(to, -toWidth / 2), at(from, -fromWidth / 2)]),
    `fill="${fill}"`,
  );
}

function cushion(paint: Painter, d: string, colour: string, cloth: string): string {
  return [
    path(
      d,
      `fill="${paint.linear(
        [
          [0, tone(colour, -0.16)],
          [0.2, tone(colour, 0.2)],
          [0.55, colour],
          [1, tone(colour, -0.32)],
        ],
        0,
        0,
        1,
        0.25,
      )}"`,
    ),
    path(
      d,
      `fill="${paint.linear(
        [
          [0, '#fff', 0.2],
          [0.25, '#fff', 0],
          [0.7, '#1d120a', 0],
          [1, '#1d120a', 0.3],
        ],
        0,
        0,
        0,
        1,
      )}"`,
    ),
    path(d, `fill="${cloth}" style="mix-blend-mode:soft-light" opacity="0.85"`),
  ].join('');
}

const crease = (paint: Painter, d: string, width: number, opacity: number, clip?: string): string =>
  group(
    clip === undefined ? '' : `clip-path="${clip}"`,
    path(
      d,
      `fill="none" stroke="#1d120a" stroke-width="${width}" opacity="${opacity}" stroke-linecap="round" filter="${paint.blur(width * 0.4, 1.5)}"`,
    ),
  );

function armchair(paint: Painter, colour: string): string {
  const cloth = paint.relief('0.06', 3.4, 2, 230);
  const ground = FLOOR + 90;
  const back = 'M330 1010C300 760 320 560 420 520C520 484 680 484 780 520C880 560 900 760 870 1010Z';
  const seat =
    'M372 900C372 862 400 850 440 848H760C800 850 828 862 828 900V985C828 1020 808 1034 770 1034H430C392 1034 372 1020 372 985Z';
  const apron = 'M318 1010H882C888 1080 884 1130 868 1152C700 1170 500 1170 332 1152C316 1130 312 1080 318 1010Z';
  const arm = (mirror: boolean): string => {
    const points: Point[] = [
      [226, 800],
      [262, 730],
      [336, 716],
      [388, 764],
      [396, 860],
      [392, 1010],
      [384, 1140],
      [330, 1160],
      [252, 1150],
      [228, 1060],
      [222, 920],
    ];
    return curve(
      points.map(([x, y]): Point => [mirror ? 2 * CX - x : x, y]),
      true,
    );
  };
  const outline = back + arm(false) + arm(true) + apron;
  return [
    standingShadow(paint, CX, ground, 330, 720, outline),
    bar(paint, [330, 1130], [300, ground + 4], 40, 22, OAK),
    bar(paint, [870, 1130], [900, ground + 4], 40, 22, OAK),
    bar(paint, [430, 1120], [424, ground - 50], 28, 18, tone(OAK, -0.35)),
    bar(paint, [770, 1120], [776, ground - 50], 28, 18, tone(OAK, -0.35)),
    cushion(paint, back, colour, cloth),
    crease(paint, 'M420 640C440 560 520 540 600 540C680 540 760 560 780 640', 30, 0.12),
    path(
      'M600 520C596 640 598 760 600 850',
      `fill="none" stroke="#1d120a" stroke-width="16" opacity="0.16" filter="${paint.blur(7, 6)}"`,
    ),
    cushion(paint, apron, tone(colour, -0.05), cloth),
    crease(paint, 'M392 1012C500 1046 700 1046 808 1012', 34, 0.4),
    cushion(paint, seat, tone(colour, 0.06), cloth),
    crease(paint, 'M388 846C480 826 720 826 812 846', 30, 0.42),
    path(
      'M392 1000C500 1018 700 1018 808 1000',
      `fill="none" stroke="${tone(colour, -0.3)}" stroke-width="3" opacity="0.6"`,
    ),
    ...[false, true].map((mirror) =>
      [
        crease(paint, mirror ? 'M812 780V1120' : 'M396 780V1120', 36, 0.36),
        cushion(paint, arm(mirror), tone(colour, mirror ? -0.1 : 0.07), cloth),
      ].join(''),
    ),
  ].join('');
}

function lounge(paint: Painter, colour: string): string {
  const cloth = paint.pattern(
    9,
    9,
    '<path d="M0 2h9M0 6.5h9" stroke="#000" stroke-width="1.1" opacity="0.35"/><path d="M2 0v9M6.5 0v9" stroke="#fff" stroke-width="1.1" opacity="0.4"/>',
  );
  const ground = FLOOR + 90;
  const back =
    'M372 862C350 690 364 520 400 486C470 440 730 440 800 486C836 520 850 690 828 862C760 892 440 892 372 862Z';
  const seat =
    'M340 872C420 842 780 842 860 872C892 890 900 960 884 1002C800 1038 400 1038 316 1002C300 960 308 890 340 872Z';
  return [
    standingShadow(paint, CX, ground, 310, 700, back + seat),
    bar(paint, [420, 990], [384, ground - 70], 24, 18, tone(OAK, -0.35)),
    bar(paint, [780, 990], [816, ground - 70], 24, 18, tone(OAK, -0.35)),
    bar(paint, [352, 470], [372, 900], 24, 30, OAK),
    bar(paint, [848, 470], [828, 900], 24, 30, tone(OAK, -0.1)),
    cushion(paint, back, colour, cloth),
    ...[
      [480, 560],
      [600, 552],
      [720, 560],
      [480, 700],
      [600, 694],
      [720, 700],
    ].map(
      ([x = 0, y = 0]) =>
        ellipse(x, y + 4, 30, 20, `fill="#1d120a" opacity="0.2" filter="${paint.blur(8, 1)}"`) +
        ellipse(
          x,
          y,
          8,
          8,
          `fill="${paint.radial(
            [
              [0, tone(colour, 0.2)],
              [1, tone(colour, -0.4)],
            ],
            0.35,
            0.3,
            0.8,
          )}"`,
        ),
    ),
    crease(paint, 'M380 868C480 840 720 840 820 868', 36, 0.45),
    cushion(paint, seat, tone(colour, 0.05), cloth),
    path(
      'M322 988C420 1022 780 1022 878 988',
      `fill="none" stroke="${tone(colour, -0.4)}" stroke-width="3" opacity="0.6"`,
    ),
    rect(
      318,
      1006,
      564,
      30,
      `rx="10" fill="${paint.linear(
        [
          [0, tone(OAK, 0.2)],
          [1, tone(OAK, -0.45)],
        ],
        0,
        0,
        0,
        1,
      )}"`,
    ),
    bar(paint, [350, 1020], [306, ground + 4], 38, 22, OAK),
    bar(paint, [850, 1020], [894, ground + 4], 38, 22, tone(OAK, -0.12)),
  ].join('');
}

function spindleBack(paint: Painter, colour: string): string {
  const ground = FLOOR + 100;
  const rail =
    'M352 520C420 446 780 446 848 520C852 548 846 566 836 574C764 516 436 516 364 574C354 566 348 548 352 520Z';
  const seatTop =
    'M346 900C370 850 470 838 600 838C730 838 830 850 854 900C866 934 820 962 600 962C380 962 334 934 346 900Z';
  const seatEdge =
    'M341 910C334 946 380 992 600 992C820 992 866 946 859 910C846 940 790 962 600 962C410 962 354 940 341 910Z';
  const spindles = Array.from({ length: 7 }, (_, i) => {
    const share = i / 6 - 0.5;
    return bar(
      paint,
      [CX + share * 440, 500 + share * share * 110],
      [CX + share * 340, 872 - Math.abs(share) * 14],
      13,
      19,
      tone(colour, -0.04 - i * 0.02),
    );
  });
  return [
    standingShadow(paint, CX, ground, 300, 800, rail + seatTop),
    bar(paint, [470, 940], [432, ground - 96], 30, 20, tone(colour, -0.34)),
    bar(paint, [730, 940], [768, ground - 96], 30, 20, tone(colour, -0.4)),
    bar(paint, [447, 1110], [753, 1110], 17, 17, tone(colour, -0.36)),
    ...spindles,
    bar(paint, [374, 548], [410, 880], 24, 32, colour),
    bar(paint, [826, 548], [790, 880], 24, 32, tone(colour, -0.14)),
    path(
      rail,
      `fill="${paint.linear(
        [
          [0, tone(colour, -0.2)],
          [0.25, tone(colour, 0.28)],
          [0.6, colour],
          [1, tone(colour, -0.34)],
        ],
        0,
        0,
        1,
        0.3,
      )}"`,
    ),
    path(
      'M362 516C430 458 770 458 838 516',
      `fill="none" stroke="#fff" stroke-width="6" opacity="0.25" filter="${paint.blur(3, 1)}"`,
    ),
    bar(paint, [392, 960], [322, ground + 2], 40, 24, tone(colour, 0.04)),
    bar(paint, [808, 960], [878, ground + 2], 40, 24, tone(colour, -0.16)),
    bar(paint, [352, 1150], [440, 1096], 15, 13, tone(colour, -0.2)),
    bar(paint, [848, 1150], [760, 1096], 15, 13, tone(colour, -0.36)),
    path(
      seatEdge,
      `fill="${paint.linear([
        [0, tone(colour, -0.3)],
        [0.3, tone(colour, -0.02)],
        [1, tone(colour, -0.55)],
      ])}"`,
    ),
    path(
      seatTop,
      `fill="${paint.linear(
        [
          [0, tone(colour, 0.12)],
          [0.35, tone(colour, 0.3)],
          [1, tone(colour, -0.16)],
        ],
        0,
        0,
        1,
        0.5,
      )}"`,
    ),
    path(
      'M420 900C480 876 540 884 600 902C660 884 720 876 780 900',
      `fill="none" stroke="#1d120a" stroke-width="22" opacity="0.14" filter="${paint.blur(11, 1.5)}"`,
    ),
    ...Array.from({ length: 5 }, (_, i) =>
      path(
        `M${372 + i * 14} ${880 + i * 15}C500 ${858 + i * 17} 700 ${858 + i * 17} ${828 - i * 14} ${880 + i * 15}`,
        `fill="none" stroke="${tone(colour, -0.4)}" stroke-width="1.6" opacity="0.22"`,
      ),
    ),
  ].join('');
}

function stool(paint: Painter, colour: string): string {
  const ground = FLOOR + 90;
  const seat = turned(
    paint,
    CX,
    [
      [700, 244],
      [712, 254],
      [756, 254],
      [772, 236],
    ],
    colour,
    { openness: 0.2 },
  );
  const ring = mix('#c9a25a', colour, 0.1);
  return [
    standingShadow(paint, CX, ground, 240, 580),
    bar(paint, [600, 770], [600, ground - 92], 28, 20, tone(colour, -0.42)),
    path(`M408 1062A192 36 0 0 1 792 1062`, `fill="none" stroke="${tone(ring, -0.45)}" stroke-width="11"`),
    bar(paint, [448, 776], [352, ground + 2], 40, 25, tone(colour, 0.04)),
    bar(paint, [752, 776], [848, ground + 2], 40, 25, tone(colour, -0.16)),
    path(
      `M390 1066A210 42 0 0 0 810 1066`,
      `fill="none" stroke="${paint.linear([
        [0, tone(ring, -0.4)],
        [0.3, tone(ring, 0.5)],
        [0.6, ring],
        [1, tone(ring, -0.5)],
      ])}" stroke-width="12"`,
    ),
    seat.svg.replace(/<ellipse[^>]*>(<ellipse[^>]*>)?$/, ''),
    ellipse(
      CX,
      700,
      244,
      49,
      `fill="${paint.linear(
        [
          [0, tone(colour, 0.1)],
          [0.35, tone(colour, 0.36)],
          [1, tone(colour, -0.14)],
        ],
        0,
        0,
        1,
        0.6,
      )}"`,
    ),
    ellipse(CX, 704, 196, 36, `fill="#1d120a" opacity="0.1" filter="${paint.blur(12, 0.4)}"`),
    ...Array.from({ length: 6 }, (_, i) =>
      path(
        `M${390 + i * 8} ${690 + i * 6}C520 ${672 + i * 8} 690 ${676 + i * 8} ${812 - i * 6} ${694 + i * 6}`,
        `fill="none" stroke="${tone(colour, -0.4)}" stroke-width="1.5" opacity="0.25"`,
      ),
    ),
    gleam(paint, seat, CX, 716, 752, -0.5, 12, 0.25),
  ].join('');
}
