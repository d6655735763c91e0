import { cloth, cloud } from './garment.ts';
import { group, lightness, type Painter, path, rect, tone } from './paint.ts';
import { hangingShadow } from './stage.ts';

const SOCK =
  'M430 240C500 226 600 226 668 240C676 480 672 640 690 790C720 860 800 900 900 950C980 990 1000 1060 960 1110C920 1150 820 1140 720 1110C600 1076 500 1040 452 960C420 880 428 700 430 240Z';
const HEEL =
  'M440 830C470 790 560 800 590 860C610 920 590 1000 530 1030C490 1010 460 980 446 940C438 906 436 866 440 830Z';
const TOE = 'M872 936C980 980 1004 1056 962 1108C920 1152 830 1142 752 1120C760 1040 800 970 872 936Z';

/** A pair laid flat, one a little over the other. */
export function socks(paint: Painter, colour: string, seed: number): string {
  const second = lightness(colour) > 0.5 ? '#17171a' : seed % 2 === 0 ? '#d2ff1f' : '#f3f3ef';
  const one = (shade: number): string => {
    const base = tone(colour, shade);
    const top = 'M426 226C500 212 604 212 672 226V440C600 452 500 452 428 440Z';
    return [
      hangingShadow(paint, SOCK),
      cloth(
        paint,
        SOCK,
        base,
        [
          {
            points: [
              [448, 500],
              [480, 640],
              [470, 800],
            ],
            width: 44,
            depth: 0.42,
          },
          {
            points: [
              [664, 460],
              [650, 640],
              [676, 780],
            ],
            width: 40,
            depth: 0.46,
          },
          {
            points: [
              [600, 880],
              [520, 860],
              [460, 900],
            ],
            width: 26,
            depth: 0.5,
          },
          {
            points: [
              [690, 830],
              [610, 880],
              [590, 980],
            ],
            width: 30,
            depth: 0.42,
          },
          {
            points: [
              [940, 1120],
              [760, 1120],
              [560, 1040],
            ],
            width: 44,
            depth: 0.5,
          },
          {
            points: [
              [860, 960],
              [820, 1030],
              [830, 1120],
            ],
            width: 22,
            depth: 0.3,
          },
        ],
        '0.14',
      ),
      group(
        `clip-path="${paint.clip(SOCK)}"`,
        path(HEEL, `fill="${tone(second, shade)}" opacity="0.94"`),
        path(TOE, `fill="${tone(second, shade)}" opacity="0.94"`),
        path(
          top,
          `fill="${paint.pattern(13, 13, `<rect width="6" height="13" fill="#fff" opacity="0.13"/><rect x="8" width="5" height="13" fill="#000" opacity="0.22"/>`)}"`,
        ),
        rect(400, 300, 300, 26, `fill="${tone(second, shade)}" opacity="0.95"`),
        rect(400, 346, 300, 26, `fill="${tone(second, shade)}" opacity="0.95"`),
        path(
          SOCK,
          `fill="${paint.pattern(9, 7, '<path d="M0 0L4.5 5L9 0" fill="none" stroke="#000" stroke-width="1.2" opacity="0.16"/>')}"`,
        ),
        path(
          SOCK,
          `fill="${paint.linear([
            [0, '#000', 0.3],
            [0.16, '#fff', 0.1],
            [0.4, '#000', 0],
            [1, '#000', 0.14],
          ])}"`,
        ),
        ...[44, 24, 10].map((width) => path(SOCK, `fill="none" stroke="#000" stroke-width="${width}" opacity="0.08"`)),
      ),
      path(cloud(548, 560, 46), `fill="${tone(second, shade)}" opacity="0.95"`),
    ].join('');
  };
  return group(
    'transform="translate(-40 60)"',
    group('transform="translate(120 -110) rotate(5 600 700)"', one(-0.1)),
    group('transform="translate(-70 30) rotate(-4 600 700)"', one(0)),
  );
}
