import { cloud, stitch } from './garment.ts';
import { curve, ellipse, group, lightness, mix, type Painter, path, type Point, rect, tone } from './paint.ts';

const UPPER =
  'M196 872C200 800 300 752 408 716C504 682 556 612 612 520C640 476 700 470 728 506C744 540 760 566 800 572C866 582 916 566 960 520C992 496 1030 508 1040 560C1058 660 1066 770 1064 862C800 900 460 912 214 900C200 894 194 886 196 872Z';
const MIDSOLE =
  'M168 880C172 858 200 852 246 862C400 892 600 884 760 868C880 856 980 838 1062 828C1100 828 1112 860 1108 904C1104 960 1100 992 1050 998C800 1014 560 1022 400 1018C280 1014 196 960 168 880Z';
const TREAD =
  'M190 932C250 1000 330 1014 420 1016C600 1020 830 1010 1050 996C1084 992 1098 976 1104 950C1112 990 1104 1018 1066 1024C820 1040 600 1046 410 1042C310 1038 220 1000 190 932Z';
const TOE = 'M196 876C198 806 290 758 396 720C356 790 376 850 430 900C340 904 260 904 214 900C200 896 195 888 196 876Z';
const HEEL =
  'M1064 862C1066 770 1058 660 1040 560C1032 530 1016 510 994 508C960 590 908 690 906 790C906 836 914 860 924 878C972 874 1020 868 1064 862Z';
const EYESTAY =
  'M404 722C500 690 556 612 610 524C640 540 664 566 672 600C620 690 560 764 470 800C430 790 404 760 404 722Z';
const TONGUE =
  'M600 540C608 452 646 396 712 386C744 400 748 450 738 520C720 560 690 600 668 606C640 580 616 556 600 540Z';
const QUARTER =
  'M672 600C700 590 744 580 800 574C860 590 924 570 962 540C930 640 906 720 906 792C906 836 914 860 924 878C780 892 620 900 470 903C560 860 640 760 672 600Z';
const SWEEP = 'M470 900C600 850 700 760 760 650C790 640 830 640 866 650C800 780 690 870 560 902Z';
const GROUND = 1040;

/** A low runner with a thick sole, seen from its side; the pair stands half behind it. */
export function sneaker(paint: Painter, colour: string, seed: number): string {
  const accent =
    [mix(colour, lightness(colour) > 0.5 ? '#111114' : '#f2f2ee', 0.82), '#d2ff1f', '#ff5a2c', '#f2f2ee'][seed % 4] ??
    '#d2ff1f';
  const sole = seed % 2 === 0 ? '#f4f2ec' : '#e9e9e4';
  return [
    ellipse(640, GROUND + 6, 520, 34, `fill="#0b0d12" opacity="0.5" filter="${paint.blur(16, 0.6)}"`),
    ellipse(680, GROUND + 30, 560, 60, `fill="#0b0d12" opacity="0.2" filter="${paint.blur(30, 0.6)}"`),
    group(
      'transform="translate(96 -96) translate(640 900) scale(0.94) translate(-640 -900)"',
      shoe(paint, tone(colour, -0.12), accent, tone(sole, -0.08), seed),
      path(UPPER + MIDSOLE, 'fill="#05060a" opacity="0.16"'),
    ),
    group(
      `opacity="0.34" filter="${paint.blur(18, 0.2)}"`,
      path(UPPER, 'fill="#05060a" transform="translate(34 -16)"'),
    ),
    shoe(paint, colour, accent, sole, seed),
  ].join('');
}

function shoe(paint: Painter, colour: string, accent: string, sole: string, seed: number): string {
  const mesh = paint.pattern(
    12,
    12,
    `<circle cx="3" cy="3" r="2.1" fill="#000" opacity="0.26"/><circle cx="9" cy="9" r="2.1" fill="#000" opacity="0.26"/><circle cx="3" cy="2.4" r="1.2" fill="#fff" opacity="0.16"/>`,
  );
  const suede = paint.relief('0.4', 1.1, 2, 180);
  const thread = tone(colour, lightness(colour) < 0.25 ? 0.34 : -0.42);
  const overlay = tone(colour, lightness(colour) < 0.3 ? 0.09 : -0.09);
  const piece = (d: string, fill: string): string =>
    [
      group(
        'fill="none" stroke="#000" transform="translate(1 3)"',
        ...[12, 7, 3].map((width) => path(d, `stroke-width="${width}" opacity="0.1"`)),
      ),
      path(
        d,
        `fill="${paint.linear(
          [
            [0, tone(fill, 0.16)],
            [0.5, fill],
            [1, tone(fill, -0.3)],
          ],
          0.2,
          0,
          0.6,
          1,
        )}"`,
      ),
      path(d, `fill="none" stroke="${tone(fill, -0.55)}" stroke-width="2" opacity="0.55"`),
    ].join('');
  return [
    // Inside and tongue, behind the upper.
    path(
      'M640 560C660 500 720 480 760 540C820 580 900 570 960 516C1000 500 1020 520 1030 556C960 620 720 640 640 560Z',
      `fill="${tone(colour, -0.72)}"`,
    ),
    piece(TONGUE, tone(colour, 0.05)),
    path(TONGUE, `fill="${mesh}"`),
    path('M640 430C664 404 700 396 722 402L716 452C690 450 664 462 646 480Z', `fill="${accent}"`),
    path(cloud(684, 436, 22), `fill="${lightness(accent) > 0.5 ? '#111' : '#f4f4f0'}"`),
    path(
      UPPER,
      `fill="${paint.linear(
        [
          [0, tone(colour, 0.14)],
          [0.5, colour],
          [1, tone(colour, -0.34)],
        ],
        0.2,
        0,
        0.6,
        1,
      )}"`,
    ),
    path(UPPER, `fill="${mesh}"`),
    piece(QUARTER, colour),
    piece(TOE, overlay),
    stitch('M408 734C376 794 396 846 440 888', thread),
    ...[0, 1, 2, 3, 4].map((i) =>
      ellipse(300 + i * 20, 812 + (i % 2) * 16, 4, 3.4, `fill="${tone(colour, -0.7)}" opacity="0.7"`),
    ),
    piece(SWEEP, accent),
    stitch('M486 892C606 842 706 756 764 660M862 660C798 778 694 860 580 892', tone(accent, -0.4)),
    piece(HEEL, overlay),
    stitch('M984 526C948 604 920 700 918 792C918 830 924 856 932 870', thread),
    path('M1002 560C1030 556 1046 580 1050 620L1012 640C1004 610 1000 590 1002 560Z', `fill="${accent}"`),
    piece(EYESTAY, overlay),
    path(QUARTER + TOE + HEEL + EYESTAY, `fill="${suede}" style="mix-blend-mode:soft-light" opacity="0.5"`),
    stitch('M420 736C516 700 566 630 616 544M482 788C560 754 616 684 660 606', thread),
    ...laces(paint, lightness(colour) > 0.75 ? '#2a2a2e' : '#f5f4ef', seed),
    // A padded collar.
    path(
      'M728 508C752 560 820 590 880 576C920 566 950 546 976 512',
      `fill="none" stroke="${tone(colour, -0.2)}" stroke-width="26" stroke-linecap="round"`,
    ),
    path(
      'M730 502C756 550 822 578 880 564C918 554 946 534 970 504',
      `fill="none" stroke="${tone(colour, 0.3)}" stroke-width="7" opacity="0.5" stroke-linecap="round" filter="${paint.blur(3, 0.5)}"`,
    ),
    path(
      UPPER,
      `fill="${paint.linearAt(
        [
          [0, '#000', 0],
          [0.55, '#000', 0],
          [1, '#000', 0.36],
        ],
        0,
        560,
        0,
        900,
      )}"`,
    ),
    path(
      'M300 770C400 730 500 690 560 620',
      `fill="none" stroke="#fff" stroke-width="22" opacity="0.16" stroke-linecap="round" filter="${paint.blur(12, 0.6)}"`,
    ),
    path(
      MIDSOLE,
      `fill="${paint.linear(
        [
          [0, tone(sole, 0.5)],
          [0.35, sole],
          [1, tone(sole, -0.3)],
        ],
        0,
        0,
        0,
        1,
      )}"`,
    ),
    path(
      MIDSOLE,
      `fill="${paint.linear([
        [0, '#000', 0.22],
        [0.12, '#000', 0],
        [0.85, '#000', 0],
        [1, '#000', 0.26],
      ])}"`,
    ),
    path('M196 934C330 986 700 974 1106 922', `fill="none" stroke="${accent}" stroke-width="10" opacity="0.95"`),
    path(
      'M176 896C330 926 760 908 1104 860',
      `fill="none" stroke="#000" stroke-width="5" opacity="0.13" filter="${paint.blur(2, 0.5)}"`,
    ),
    ...[0, 1, 2, 3, 4].map((i) =>
      path(`M${830 + i * 46} ${958 - i * 3}c14 -4 24 -4 32 -2l-8 24c-8 2 -14 2 -20 2z`, 'fill="#000" opacity="0.12"'),
    ),
    path(
      TREAD,
      `fill="${paint.linear(
        [
          [0, '#2b2b2e'],
          [1, '#0d0d0f'],
        ],
        0,
        0,
        0,
        1,
      )}"`,
    ),
    ...Array.from({ length: 26 }, (_, i) =>
      rect(
        300 + i * 30,
        1026 - Math.max(0, i - 12) * 1.3 - Math.max(0, 4 - i) * 5,
        9,
        15,
        'fill="#000" opacity="0.55"',
      ),
    ),
  ].join('');
}

function laces(paint: Painter, colour: string, seed: number): readonly string[] {
  const rows = 6;
  return Array.from({ length: rows }, (_, i) => {
    const t = i / (rows - 1);
    const outer: Point = [444 + t * 156, 738 - t * 192 - Math.sin(t * Math.PI) * 8];
    const inner: Point = [522 + t * 128, 768 - t * 168];
    const points: readonly Point[] = [outer, [(outer[0] + inner[0]) / 2 - 6, (outer[1] + inner[1]) / 2 - 16], inner];
    const d = curve(points);
    return (
      path(
        d,
        `fill="none" stroke="#000" stroke-width="21" stroke-linecap="round" opacity="0.3" transform="translate(2 6)" filter="${paint.blurAlong(4, points, 24)}"`,
      ) +
      path(d, `fill="none" stroke="${tone(colour, -0.28)}" stroke-width="19" stroke-linecap="round"`) +
      path(d, `fill="none" stroke="${colour}" stroke-width="14" stroke-linecap="round"`) +
      path(
        d,
        `fill="none" stroke="${tone(colour, -0.18)}" stroke-width="2" stroke-dasharray="3 4" opacity="${seed % 2 === 0 ? 0.6 : 0.3}"`,
      )
    );
  });
}
