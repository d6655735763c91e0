import { blockLetters, cloth, cloud, letterWidth, stitch } from './garment.ts';
import { ellipse, group, lightness, type Painter, path, rect, tone } from './paint.ts';
import { hangingShadow } from './stage.ts';

const METAL: readonly (readonly [number, string])[] = [
  [0, '#5d6064'],
  [0.35, '#eef0f2'],
  [0.6, '#a4a8ad'],
  [1, '#4a4d51'],
];

/** A roll-top backpack, a tote, or a sling. */
export function bag(paint: Painter, colour: string, seed: number): string {
  const form = [backpack, tote, sling][seed % 3] ?? backpack;
  return form(paint, colour);
}

const webbing = (paint: Painter, d: string, width: number, colour: string): string =>
  [
    path(
      d,
      `fill="none" stroke="#000" stroke-width="${width}" opacity="0.35" transform="translate(5 9)" filter="${paint.blur(6, 0.6)}"`,
    ),
    path(d, `fill="none" stroke="${colour}" stroke-width="${width}"`),
    path(
      d,
      `fill="none" stroke="${tone(colour, lightness(colour) < 0.25 ? 0.3 : -0.35)}" stroke-width="${width - 10}" stroke-dasharray="2 3" opacity="0.3"`,
    ),
  ].join('');

function backpack(paint: Painter, colour: string): string {
  const body =
    'M352 520C352 470 390 446 440 440H760C810 446 848 470 848 520C862 760 864 980 850 1150C846 1190 820 1206 780 1210H420C380 1206 354 1190 350 1150C336 980 338 760 352 520Z';
  const roll =
    'M378 300C460 284 740 284 822 300C838 340 838 420 828 470C740 492 460 492 372 470C362 420 362 340 378 300Z';
  const pocket =
    'M400 800C470 786 730 786 800 800C812 900 812 1030 800 1140C730 1156 470 1156 400 1140C388 1030 388 900 400 800Z';
  const strap = tone(colour, lightness(colour) < 0.2 ? 0.14 : -0.45);
  const thread = tone(colour, lightness(colour) < 0.25 ? 0.35 : -0.4);
  return [
    hangingShadow(paint, body + roll),
    path('M520 300C520 210 560 176 600 176C640 176 680 210 680 300', `fill="none" stroke="${strap}" stroke-width="30"`),
    cloth(
      paint,
      body,
      colour,
      [
        {
          points: [
            [372, 560],
            [420, 700],
            [400, 900],
          ],
          width: 50,
          depth: 0.5,
        },
        {
          points: [
            [832, 560],
            [780, 700],
            [804, 900],
          ],
          width: 50,
          depth: 0.55,
        },
        {
          points: [
            [380, 560],
            [600, 620],
            [820, 560],
          ],
          width: 40,
          depth: 0.35,
        },
        {
          points: [
            [370, 1180],
            [600, 1200],
            [830, 1180],
          ],
          width: 40,
          depth: 0.5,
        },
      ],
      '0.55',
    ),
    ...[430, 742].map((x) => webbing(paint, `M${x + 14} 330V800`, 34, strap)),
    group(`opacity="0.4" filter="${paint.blur(12, 0.2)}"`, path(roll, 'fill="#000" transform="translate(0 22)"')),
    cloth(
      paint,
      roll,
      tone(colour, 0.03),
      [
        {
          points: [
            [390, 350],
            [600, 330],
            [810, 350],
          ],
          width: 30,
          depth: 0.4,
        },
        {
          points: [
            [380, 450],
            [600, 474],
            [820, 450],
          ],
          width: 36,
          depth: 0.6,
        },
        {
          points: [
            [388, 400],
            [600, 410],
            [812, 398],
          ],
          width: 16,
          depth: 0.3,
        },
      ],
      '0.55',
    ),
    ...[430, 742].map(
      (x) =>
        webbing(paint, `M${x + 14} 286V480`, 34, strap) +
        rect(
          x - 16,
          560,
          60,
          76,
          `rx="10" fill="${paint.linear(
            [
              [0, '#3a3a3e'],
              [0.4, '#16161a'],
              [1, '#0c0c0e'],
            ],
            0,
            0,
            0,
            1,
          )}"`,
        ) +
        rect(x - 6, 590, 40, 10, 'rx="5" fill="#000" opacity="0.7"') +
        rect(x - 10, 566, 48, 4, 'rx="2" fill="#fff" opacity="0.25"'),
    ),
    group(`opacity="0.4" filter="${paint.blur(9, 0.1)}"`, path(pocket, 'fill="#000" transform="translate(3 10)"')),
    cloth(
      paint,
      pocket,
      tone(colour, 0.05),
      [
        {
          points: [
            [420, 1110],
            [600, 1130],
            [780, 1110],
          ],
          width: 40,
          depth: 0.4,
        },
        {
          points: [
            [420, 900],
            [500, 960],
            [480, 1060],
          ],
          width: 30,
          depth: 0.25,
        },
      ],
      '0.55',
    ),
    path('M418 838C500 826 700 826 782 838', `fill="none" stroke="#101012" stroke-width="14"`),
    path('M418 838C500 826 700 826 782 838', `fill="none" stroke="#85888d" stroke-width="5" stroke-dasharray="4 3"`),
    rect(764, 832, 14, 64, `rx="5" fill="${paint.linear(METAL)}"`),
    stitch('M412 812C480 800 720 800 788 812C798 900 798 1030 788 1128', thread),
    path(cloud(600, 980, 74), `fill="${lightness(colour) > 0.7 ? '#111' : '#d2ff1f'}"`),
    path(
      cloud(600, 980, 74),
      `fill="${paint.pattern(5, 5, '<path d="M0 5L5 0" stroke="#000" stroke-width="1.2" opacity="0.22"/>')}"`,
    ),
  ].join('');
}

function tote(paint: Painter, colour: string): string {
  const body =
    'M330 560C420 548 780 548 870 560C884 760 900 980 892 1180C700 1206 500 1206 308 1180C300 980 316 760 330 560Z';
  const ink = lightness(colour) > 0.5 ? '#141416' : '#f2f2ee';
  const handle = tone(colour, -0.08);
  const back = 'M452 580C452 380 500 250 600 250C700 250 748 380 748 580';
  const front = 'M430 590C424 370 486 214 600 214C714 214 776 370 770 590';
  return [
    hangingShadow(paint, body),
    path(back, `fill="none" stroke="${tone(handle, -0.35)}" stroke-width="36"`),
    cloth(
      paint,
      body,
      colour,
      [
        {
          points: [
            [340, 600],
            [420, 800],
            [380, 1150],
          ],
          width: 56,
          depth: 0.42,
        },
        {
          points: [
            [860, 600],
            [790, 820],
            [830, 1150],
          ],
          width: 56,
          depth: 0.46,
        },
        {
          points: [
            [450, 600],
            [520, 760],
            [500, 940],
          ],
          width: 34,
          depth: 0.3,
        },
        {
          points: [
            [760, 600],
            [690, 770],
            [716, 960],
          ],
          width: 34,
          depth: 0.3,
        },
        {
          points: [
            [330, 1150],
            [600, 1120],
            [870, 1150],
          ],
          width: 46,
          depth: 0.34,
        },
      ],
      '0.8',
    ),
    path(
      body,
      `fill="${paint.pattern(6, 6, '<path d="M0 1.5h6M0 4.5h6" stroke="#000" stroke-width="0.9" opacity="0.13"/><path d="M1.5 0v6M4.5 0v6" stroke="#fff" stroke-width="0.9" opacity="0.13"/>')}"`,
    ),
    stitch('M334 596C420 584 780 584 866 596', tone(colour, -0.45)),
    path(
      front,
      `fill="none" stroke="#000" stroke-width="38" opacity="0.25" transform="translate(8 10)" filter="${paint.blur(8, 0.2)}"`,
    ),
    path(front, `fill="none" stroke="${handle}" stroke-width="36"`),
    stitch(front.replace('M430', 'M442').replace('770 590', '758 590'), tone(colour, -0.45)),
    ...[414, 754].map(
      (x) =>
        rect(x, 560, 36, 96, `fill="${handle}"`) +
        stitch(`M${x + 6} 650H${x + 30}V600H${x + 6}ZL${x + 30} 600M${x + 6} 600L${x + 30} 650`, tone(colour, -0.5)),
    ),
    path(blockLetters(600 - letterWidth(78) / 2, 800, 78), `fill="${ink}" fill-rule="evenodd" opacity="0.92"`),
    path(cloud(600, 980, 70), `fill="none" stroke="${ink}" stroke-width="12" opacity="0.92"`),
  ].join('');
}

function sling(paint: Painter, colour: string): string {
  const body =
    'M250 800C262 700 330 650 450 640H760C880 644 950 700 956 800C960 930 940 1010 860 1030C700 1054 500 1054 340 1030C266 1010 244 920 250 800Z';
  const strap = tone(colour, lightness(colour) < 0.2 ? 0.12 : -0.5);
  const loop = 'M300 760C180 560 260 300 470 250C720 200 960 330 1000 520C1030 660 980 740 910 780';
  const thread = tone(colour, lightness(colour) < 0.25 ? 0.35 : -0.4);
  return [
    webbing(paint, loop, 46, strap),
    rect(
      448,
      206,
      92,
      74,
      `rx="12" fill="${paint.linear(
        [
          [0, '#44444a'],
          [0.4, '#1a1a1e'],
          [1, '#0c0c0e'],
        ],
        0,
        0,
        0,
        1,
      )}" transform="rotate(-12 494 243)"`,
    ),
    rect(462, 236, 64, 12, 'rx="6" fill="#000" opacity="0.7" transform="rotate(-12 494 243)"'),
    hangingShadow(paint, body),
    cloth(
      paint,
      body,
      colour,
      [
        {
          points: [
            [280, 760],
            [420, 700],
            [760, 690],
          ],
          width: 50,
          depth: 0.25,
        },
        {
          points: [
            [270, 960],
            [500, 1020],
            [930, 960],
          ],
          width: 56,
          depth: 0.6,
        },
        {
          points: [
            [330, 700],
            [380, 820],
            [340, 980],
          ],
          width: 40,
          depth: 0.34,
        },
        {
          points: [
            [900, 720],
            [850, 840],
            [890, 980],
          ],
          width: 40,
          depth: 0.4,
        },
      ],
      '0.55',
    ),
    path('M300 736C420 694 780 690 912 744', 'fill="none" stroke="#101012" stroke-width="15"'),
    path('M300 736C420 694 780 690 912 744', 'fill="none" stroke="#8a8d92" stroke-width="6" stroke-dasharray="4 3"'),
    rect(330, 724, 14, 70, `rx="5" fill="${paint.linear(METAL)}"`),
    stitch('M296 770C420 726 780 722 916 778', thread),
    stitch('M272 980C480 1040 740 1036 932 980', thread),
    path('M420 830H780V930H420Z', `fill="${tone(colour, 0.06)}" opacity="0.9"`),
    stitch('M430 840H770V920H430Z', thread),
    path(
      blockLetters(600 - letterWidth(42) / 2, 858, 42),
      `fill="${lightness(colour) > 0.7 ? '#111' : '#d2ff1f'}" fill-rule="evenodd"`,
    ),
    ellipse(600, 652, 200, 16, `fill="#fff" opacity="0.16" filter="${paint.blur(12, 0.8)}"`),
  ].join('');
}
