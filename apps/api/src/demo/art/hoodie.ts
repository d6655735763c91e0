import { cloth, cloud, flip, type Fold, print, ribs, stitch } from './garment.ts';
import { curve, ellipse, group, lightness, type Painter, path, type Point, rect, tone } from './paint.ts';
import { hangingShadow } from './stage.ts';

const sleeve = (mirror: boolean): string => {
  const side = (points: readonly Point[]): readonly Point[] => (mirror ? flip(points) : points);
  return curve(
    side([
      [430, 350],
      [352, 392],
      [300, 520],
      [252, 720],
      [214, 930],
      [196, 1086],
      [250, 1112],
      [306, 1108],
      [336, 960],
      [378, 780],
      [416, 640],
      [450, 480],
    ]),
    true,
  );
};

const BODY =
  'M432 352C488 330 512 322 540 318C560 372 640 372 660 318C688 322 712 330 768 352C812 420 822 520 812 640C806 820 812 980 816 1130C700 1150 500 1150 384 1130C388 980 394 820 388 640C378 520 388 420 432 352Z';
const HEM =
  'M384 1126C500 1146 700 1146 816 1126C820 1160 818 1184 812 1206C700 1226 500 1226 388 1206C382 1184 380 1160 384 1126Z';
const HOOD =
  'M456 366C420 288 438 168 512 124C560 98 640 98 688 124C762 168 780 288 744 366C720 420 660 452 600 452C540 452 480 420 456 366Z';
const OPENING =
  'M512 340C488 258 506 186 552 160C580 146 620 146 648 160C694 186 712 258 688 340C668 384 636 402 600 402C564 402 532 384 512 340Z';
const POCKET = 'M452 872H748C772 930 796 990 806 1064C720 1080 480 1080 394 1064C404 990 428 930 452 872Z';

const cuff = (mirror: boolean): string => {
  const points: Point[] = [
    [190, 1082],
    [248, 1108],
    [310, 1102],
    [304, 1168],
    [246, 1180],
    [186, 1152],
  ];
  return `M${(mirror ? flip(points) : points).map(([x, y]) => `${x} ${y}`).join('L')}Z`;
};

const sleeveFolds = (mirror: boolean): readonly Fold[] =>
  (
    [
      {
        points: [
          [430, 430],
          [372, 560],
          [330, 700],
        ],
        width: 46,
        depth: 0.5,
      },
      {
        points: [
          [396, 620],
          [330, 690],
          [270, 700],
        ],
        width: 26,
        depth: 0.6,
      },
      {
        points: [
          [372, 740],
          [310, 800],
          [250, 800],
        ],
        width: 28,
        depth: 0.6,
      },
      {
        points: [
          [350, 880],
          [292, 930],
          [226, 910],
        ],
        width: 28,
        depth: 0.65,
      },
      {
        points: [
          [330, 980],
          [270, 1040],
          [206, 1020],
        ],
        width: 24,
        depth: 0.6,
      },
    ] satisfies readonly Fold[]
  ).map((fold) => (mirror ? { ...fold, points: flip(fold.points) } : fold));

const BODY_FOLDS: readonly Fold[] = [
  {
    points: [
      [410, 500],
      [446, 640],
      [440, 820],
    ],
    width: 44,
    depth: 0.5,
  },
  {
    points: [
      [792, 500],
      [756, 640],
      [764, 820],
    ],
    width: 44,
    depth: 0.5,
  },
  {
    points: [
      [392, 660],
      [470, 720],
      [560, 730],
    ],
    width: 26,
    depth: 0.38,
  },
  {
    points: [
      [808, 660],
      [730, 720],
      [650, 726],
    ],
    width: 26,
    depth: 0.38,
  },
  {
    points: [
      [400, 830],
      [480, 868],
      [600, 850],
    ],
    width: 26,
    depth: 0.3,
  },
  {
    points: [
      [410, 1110],
      [470, 1092],
      [560, 1110],
    ],
    width: 24,
    depth: 0.4,
  },
  {
    points: [
      [790, 1110],
      [730, 1090],
      [640, 1112],
    ],
    width: 24,
    depth: 0.4,
  },
];

export function hoodie(paint: Painter, colour: string, seed: number): string {
  const inside = tone(colour, lightness(colour) < 0.2 ? -0.5 : -0.45);
  const thread = tone(colour, lightness(colour) < 0.25 ? 0.3 : -0.4);
  const cord = lightness(colour) > 0.55 ? '#26262a' : '#f2f2ee';
  const zipped = seed % 5 === 4;
  const outline = sleeve(false) + sleeve(true) + BODY + HEM + HOOD + cuff(false) + cuff(true);
  const parts = [
    hangingShadow(paint, outline),
    ...[false, true].map(
      (mirror) =>
        cloth(paint, sleeve(mirror), tone(colour, mirror ? -0.07 : 0.02), sleeveFolds(mirror)) +
        ribs(paint, cuff(mirror), colour, mirror ? 12 : -12),
    ),
    cloth(paint, BODY, colour, BODY_FOLDS),
    ribs(paint, HEM, colour),
    path(
      'M436 366C420 460 418 560 404 640M764 366C780 460 782 560 796 640',
      `fill="none" stroke="${tone(colour, -0.6)}" stroke-width="5" opacity="0.45"`,
    ),
    zipped ? '' : print(paint, colour, 600, 560, seed),
    // The pocket and the shadow below its edge.
    group(`opacity="0.3" filter="${paint.blur(7, 0.1)}"`, path(POCKET, 'fill="#000" transform="translate(3 9)"')),
    cloth(paint, POCKET, tone(colour, 0.03), [
      {
        points: [
          [440, 1040],
          [600, 1010],
          [760, 1040],
        ],
        width: 30,
        depth: 0.36,
      },
      {
        points: [
          [520, 890],
          [600, 930],
          [690, 890],
        ],
        width: 26,
        depth: 0.25,
      },
    ]),
    stitch('M462 884H738', thread),
    stitch('M460 884C436 940 412 1000 404 1056M740 884C764 940 788 1000 796 1056', thread),
    // The hood stands up behind the neck.
    group(
      `opacity="0.36" filter="${paint.blur(12, 0.2)}"`,
      path(
        'M456 380C480 452 540 480 600 480C660 480 720 452 744 380L744 410C720 480 660 510 600 510C540 510 480 480 456 410Z',
        'fill="#000"',
      ),
    ),
    cloth(paint, HOOD, colour, [
      {
        points: [
          [470, 330],
          [456, 240],
          [520, 160],
        ],
        width: 34,
        depth: 0.4,
      },
      {
        points: [
          [736, 330],
          [752, 240],
          [690, 160],
        ],
        width: 34,
        depth: 0.5,
      },
      {
        points: [
          [500, 392],
          [600, 436],
          [700, 392],
        ],
        width: 30,
        depth: 0.4,
      },
    ]),
    path(
      OPENING,
      `fill="${paint.radialAt(
        [
          [0, tone(inside, -0.5)],
          [0.6, tone(inside, -0.25)],
          [1, inside],
        ],
        600,
        330,
        230,
      )}"`,
    ),
    path(
      'M530 352C560 300 640 300 670 352C650 384 628 394 600 394C572 394 550 384 530 352Z',
      `fill="${tone(colour, -0.16)}" opacity="0.9"`,
    ),
    rect(574, 356, 52, 26, `fill="${lightness(colour) > 0.45 ? '#1b1b1d' : '#e9e9e4'}"`),
    path(OPENING, `fill="none" stroke="${tone(colour, 0.12)}" stroke-width="13"`),
    path(OPENING, `fill="none" stroke="${tone(colour, -0.5)}" stroke-width="2" opacity="0.7"`),
    stitch('M500 346C474 254 494 172 546 144C576 128 624 128 654 144C706 172 726 254 700 346', thread),
    ...[-1, 1].map((side) => {
      const x = 600 + side * 44;
      const d = `M${x} 402C${x + side * 8} 470 ${x - side * 4} 520 ${x + side * 6} ${590 + side * 14}`;
      return (
        path(
          d,
          `fill="none" stroke="#000" stroke-width="11" opacity="0.25" transform="translate(5 6)" filter="${paint.blur(4, 2)}"`,
        ) +
        path(d, `fill="none" stroke="${cord}" stroke-width="9" stroke-linecap="round"`) +
        path(`M${x + side * 6} ${566 + side * 14}v26`, `stroke="${tone(cord, -0.4)}" stroke-width="11"`) +
        ellipse(
          x,
          404,
          9,
          9,
          `fill="${paint.radial(
            [
              [0, '#f5f5f5'],
              [1, '#6b6b6b'],
            ],
            0.35,
            0.3,
            0.8,
          )}"`,
        )
      );
    }),
  ];
  const zip = zipped
    ? path('M600 400V1200', `stroke="#18181a" stroke-width="15"`) +
      path('M600 400V1200', `stroke="#bfc1c4" stroke-width="7" stroke-dasharray="4 3"`) +
      path('M594 470h12v44h-12z', 'fill="#e6e7e9"') +
      path(cloud(690, 600, 34), `fill="${lightness(colour) > 0.7 ? '#111' : '#d2ff1f'}"`)
    : '';
  return parts.join('') + zip;
}
