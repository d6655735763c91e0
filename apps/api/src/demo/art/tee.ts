import { cloth, flip, print, ribs, stitch } from './garment.ts';
import { curve, lightness, type Painter, path, type Point, tone } from './paint.ts';
import { hangingShadow } from './stage.ts';

const BODY =
  'M452 262C484 246 500 238 512 232C540 288 660 288 688 232C700 238 716 246 748 262C800 300 824 380 816 520C808 760 812 980 820 1208C700 1230 500 1230 380 1208C388 980 392 760 384 520C376 380 400 300 452 262Z';
const COLLAR = 'M500 238C532 314 668 314 700 238L676 222C652 276 548 276 524 222Z';
const NECK = 'M524 222C548 276 652 276 676 222C650 204 550 204 524 222Z';
const COLLAR_BACK = 'M524 222C550 200 650 200 676 222C652 236 548 236 524 222Z';

const sleeve = (mirror: boolean): string => {
  const points: Point[] = [
    [462, 256],
    [372, 300],
    [300, 420],
    [232, 560],
    [204, 640],
    [262, 690],
    [350, 724],
    [388, 660],
    [410, 520],
    [440, 380],
  ];
  return curve(mirror ? flip(points) : points, true, 0.9);
};

export function tee(paint: Painter, colour: string, seed: number): string {
  const thread = tone(colour, lightness(colour) < 0.25 ? 0.28 : -0.35);
  const outline = sleeve(false) + sleeve(true) + BODY;
  return [
    hangingShadow(paint, outline),
    path(NECK, `fill="${tone(colour, -0.52)}"`),
    path(COLLAR_BACK, `fill="${tone(colour, -0.3)}"`),
    ...[false, true].map(
      (mirror) =>
        cloth(
          paint,
          sleeve(mirror),
          tone(colour, mirror ? -0.06 : 0.03),
          (
            [
              {
                points: [
                  [440, 400],
                  [360, 500],
                  [300, 660],
                ],
                width: 40,
                depth: 0.45,
              },
              {
                points: [
                  [420, 520],
                  [350, 560],
                  [280, 560],
                ],
                width: 24,
                depth: 0.5,
              },
              {
                points: [
                  [400, 620],
                  [340, 650],
                  [270, 640],
                ],
                width: 22,
                depth: 0.45,
              },
            ] as const
          ).map((fold) => (mirror ? { ...fold, points: flip(fold.points) } : fold)),
        ) + stitch(mirror ? 'M974 628C936 664 886 694 852 708' : 'M226 628C264 664 314 694 348 708', thread),
    ),
    cloth(paint, BODY, colour, [
      {
        points: [
          [408, 440],
          [450, 600],
          [436, 800],
        ],
        width: 46,
        depth: 0.4,
      },
      {
        points: [
          [794, 440],
          [752, 600],
          [766, 800],
        ],
        width: 46,
        depth: 0.45,
      },
      {
        points: [
          [392, 560],
          [470, 640],
          [560, 660],
        ],
        width: 24,
        depth: 0.36,
      },
      {
        points: [
          [808, 560],
          [740, 636],
          [660, 650],
        ],
        width: 24,
        depth: 0.36,
      },
      {
        points: [
          [404, 900],
          [500, 960],
          [640, 930],
        ],
        width: 30,
        depth: 0.3,
      },
      {
        points: [
          [800, 1010],
          [700, 1060],
          [560, 1060],
        ],
        width: 30,
        depth: 0.32,
      },
      {
        points: [
          [420, 1120],
          [500, 1160],
          [560, 1200],
        ],
        width: 26,
        depth: 0.3,
      },
    ]),
    path(
      'M452 268C428 360 414 460 400 560M748 268C772 360 786 460 800 560',
      `fill="none" stroke="${tone(colour, -0.6)}" stroke-width="4" opacity="0.4"`,
    ),
    print(paint, colour, 600, 430, seed),
    ribs(paint, COLLAR, colour),
    stitch('M490 250C526 332 674 332 710 250', thread),
    stitch('M384 1184C500 1206 700 1206 816 1184', thread),
  ].join('');
}
