import { blockLetters, cloth, cloud, letterWidth, stitch } from './garment.ts';
import { ellipse, group, lightness, type Painter, path, tone } from './paint.ts';
import { hangingShadow } from './stage.ts';

const DOME =
  'M330 860C318 640 400 440 640 424C880 416 968 600 972 846C900 876 760 896 640 896C520 896 410 884 330 860Z';
const BRIM = 'M326 836C230 846 120 896 84 964C70 992 92 1010 130 1006C300 986 470 976 660 892C520 900 410 880 326 836Z';
const UNDER =
  'M130 1006C300 986 470 976 660 892C560 960 380 1010 180 1022C150 1024 124 1020 104 1002C112 1006 120 1007 130 1006Z';

/** A six-panel cap seen from the front left, or a beanie. */
export function cap(paint: Painter, colour: string, seed: number): string {
  if (seed % 3 === 2) return beanie(paint, colour);
  const thread = tone(colour, lightness(colour) < 0.25 ? 0.32 : -0.4);
  const brim = seed % 3 === 1 ? (lightness(colour) > 0.45 ? '#1b1b1d' : '#d2ff1f') : colour;
  const ink = lightness(colour) > 0.5 ? '#151517' : '#f3f3f0';
  const mark = seed % 2 === 0 ? cloud(500, 690, 86) : blockLetters(496 - letterWidth(48) / 2, 660, 48);
  return [
    hangingShadow(paint, DOME + BRIM),
    cloth(
      paint,
      DOME,
      colour,
      [
        {
          points: [
            [420, 880],
            [440, 660],
            [560, 480],
          ],
          width: 40,
          depth: 0.22,
        },
        {
          points: [
            [800, 470],
            [900, 600],
            [940, 840],
          ],
          width: 70,
          depth: 0.55,
        },
        {
          points: [
            [340, 870],
            [600, 902],
            [960, 850],
          ],
          width: 40,
          depth: 0.5,
        },
        {
          points: [
            [700, 560],
            [740, 700],
            [730, 880],
          ],
          width: 40,
          depth: 0.2,
        },
      ],
      '0.7',
    ),
    ellipse(
      560,
      560,
      190,
      120,
      `fill="#fff" opacity="${lightness(colour) < 0.2 ? 0.1 : 0.2}" filter="${paint.blur(42, 0.6)}"`,
    ),
    ...['M640 424C560 520 486 680 470 886', 'M640 424C720 540 770 700 764 888', 'M640 424C780 470 880 620 916 866'].map(
      (seam) =>
        path(seam, `fill="none" stroke="${tone(colour, -0.7)}" stroke-width="4" opacity="0.6"`) +
        group('transform="translate(9 0)"', stitch(seam, thread)) +
        group('transform="translate(-9 0)"', stitch(seam, thread)),
    ),
    ...[
      [566, 560],
      [724, 570],
      [826, 580],
    ].map(
      ([x = 0, y = 0]) =>
        ellipse(x, y, 11, 10, `fill="${tone(colour, -0.75)}"`) +
        ellipse(x, y, 14, 13, `fill="none" stroke="${thread}" stroke-width="5" opacity="0.8"`),
    ),
    ellipse(
      640,
      422,
      30,
      15,
      `fill="${paint.radial(
        [
          [0, tone(colour, 0.35)],
          [1, tone(colour, -0.45)],
        ],
        0.4,
        0.3,
        0.7,
      )}"`,
    ),
    path(mark, 'fill="#000" opacity="0.35" transform="translate(3 6)"'),
    path(mark, `fill="${ink}" fill-rule="evenodd"`),
    path(
      mark,
      `fill="${paint.pattern(5, 5, '<path d="M0 5L5 0" stroke="#000" stroke-width="1.2" opacity="0.3"/>')}" fill-rule="evenodd"`,
    ),
    group(`opacity="0.5" filter="${paint.blur(12, 0.2)}"`, path(BRIM, 'fill="#000" transform="translate(14 22)"')),
    path(UNDER, `fill="${tone(brim, -0.6)}"`),
    cloth(
      paint,
      BRIM,
      brim,
      [
        {
          points: [
            [330, 850],
            [440, 900],
            [640, 900],
          ],
          width: 46,
          depth: 0.6,
        },
        {
          points: [
            [100, 980],
            [260, 950],
            [480, 960],
          ],
          width: 40,
          depth: 0.28,
        },
      ],
      '0.7',
    ),
    ...[0, 1, 2, 3].map((i) =>
      stitch(
        `M${110 + i * 34} ${988 - i * 12}C${280 + i * 20} ${962 - i * 20} ${440 + i * 8} ${952 - i * 14} ${620 - i * 24} ${898 - i * 4}`,
        tone(brim, lightness(brim) < 0.25 ? 0.32 : -0.4),
        2.2,
      ),
    ),
  ].join('');
}

function beanie(paint: Painter, colour: string): string {
  const dome = 'M330 850C322 620 400 360 600 348C800 360 878 620 870 850Z';
  const cuff =
    'M312 812C420 836 780 836 888 812C904 880 902 980 888 1040C780 1066 420 1066 312 1040C298 980 296 880 312 812Z';
  const knit = paint.pattern(
    26,
    22,
    `<path d="M2 0L13 11L24 0M2 11L13 22L24 11M2 -11L13 0L24 -11" fill="none" stroke="${tone(colour, -0.5)}" stroke-width="3" opacity="0.4"/><path d="M0 0L13 13L26 0" fill="none" stroke="#fff" stroke-width="2" opacity="0.14"/>`,
  );
  const seam = (share: number): string =>
    `M600 352C${600 + share * 120} 470 ${600 + share * 270} 640 ${600 + share * 270} 830`;
  const label = 'M520 900H680V990H520Z';
  return [
    hangingShadow(paint, dome + cuff),
    cloth(
      paint,
      dome,
      colour,
      [-0.85, -0.45, 0, 0.45, 0.85].map((share) => ({
        points: [
          [600, 360],
          [600 + share * 190, 560],
          [600 + share * 270, 830],
        ] as const,
        width: 30,
        depth: 0.34,
      })),
      '0.1',
    ),
    path(dome, `fill="${knit}"`),
    ...[-0.65, -0.22, 0.22, 0.65].map((share) =>
      path(
        seam(share),
        `fill="none" stroke="${tone(colour, -0.65)}" stroke-width="7" opacity="0.32" filter="${paint.blur(3, 2)}"`,
      ),
    ),
    group(`opacity="0.42" filter="${paint.blur(9, 0.2)}"`, path(cuff, 'fill="#000" transform="translate(0 -14)"')),
    cloth(
      paint,
      cuff,
      tone(colour, 0.04),
      [
        {
          points: [
            [330, 1020],
            [600, 1050],
            [870, 1020],
          ],
          width: 40,
          depth: 0.5,
        },
        {
          points: [
            [330, 830],
            [600, 850],
            [870, 830],
          ],
          width: 20,
          depth: 0.3,
        },
      ],
      '0.1',
    ),
    path(
      cuff,
      `fill="${paint.pattern(24, 24, `<rect x="0" width="11" height="24" fill="#fff" opacity="0.1"/><rect x="15" width="7" height="24" fill="#000" opacity="0.26"/>`)}"`,
    ),
    path(
      cuff,
      `fill="${paint.linear([
        [0, '#000', 0.4],
        [0.2, '#fff', 0.06],
        [0.7, '#000', 0],
        [1, '#000', 0.48],
      ])}"`,
    ),
    path(
      dome,
      `fill="${paint.linear([
        [0, '#000', 0.3],
        [0.25, '#fff', 0.05],
        [0.7, '#000', 0.04],
        [1, '#000', 0.46],
      ])}"`,
    ),
    path(label, 'fill="#000" opacity="0.35" transform="translate(3 6)"'),
    path(label, 'fill="#f1f1ec"'),
    path(blockLetters(600 - letterWidth(28) / 2, 932, 28), 'fill="#111" fill-rule="evenodd"'),
    stitch('M526 906H674V984H526Z', '#777'),
  ].join('');
}
