import { curve, ellipse, group, lightness, type Painter, path, type Point, rect, tone } from './paint.ts';
import { FLOOR, standingShadow } from './stage.ts';

const OAK = '#b98a56';

/** Hung over a rail so that it can be seen whole, or folded in a pile. */
export function blanket(paint: Painter, colour: string, seed: number): string {
  return seed % 2 === 0 ? hung(paint, colour, seed) : folded(paint, colour, seed);
}

/** Stripes at the ends, a window-pane check, a herringbone, or a waffle. */
function weave(paint: Painter, colour: string, seed: number): string {
  const second = tone(colour, lightness(colour) > 0.5 ? -0.5 : 0.55);
  const quiet = tone(colour, lightness(colour) > 0.5 ? -0.24 : 0.28);
  const cloth =
    '<path d="M0 1.5h6M0 4.5h6" stroke="#000" stroke-width="0.8" opacity="0.12"/><path d="M1.5 0v6M4.5 0v6" stroke="#fff" stroke-width="0.8" opacity="0.12"/>';
  const kind = Math.floor(seed / 2) % 4;
  if (kind === 1) {
    return paint.pattern(
      132,
      132,
      `<path d="M0 40h132M0 52h132M40 0v132M52 0v132" stroke="${second}" stroke-width="5" opacity="0.62"/><path d="M0 46h132M46 0v132" stroke="${quiet}" stroke-width="6" opacity="0.5"/>`,
    );
  }
  if (kind === 2) {
    return paint.pattern(
      44,
      22,
      `<path d="M0 0L22 22L44 0M0 11L11 22M33 22L44 11M11 0L22 11L33 0" fill="none" stroke="${second}" stroke-width="4" opacity="0.5"/>`,
    );
  }
  if (kind === 3) {
    return paint.pattern(
      30,
      30,
      `<rect width="30" height="30" fill="${quiet}" opacity="0.35"/><path d="M3 27V3H27" fill="none" stroke="#fff" stroke-width="4" opacity="0.42"/><path d="M27 3V27H3" fill="none" stroke="#000" stroke-width="4" opacity="0.2"/>`,
    );
  }
  return paint.pattern(6, 6, cloth);
}

function hung(paint: Painter, colour: string, seed: number): string {
  const [left, right, top, bottom] = [300, 900, 400, 1120];
  const wave = Array.from({ length: 9 }, (_, i): Point => [
    left + ((right - left) * i) / 8,
    bottom + (i % 2 === 0 ? 10 : -8) + paint.between(-6, 6),
  ]);
  const outline = `M${left} ${top}C${left - 8} 640 ${left + 6} 900 ${left - 4} ${wave[0]?.[1] ?? bottom}${curve(wave).replace(/^M[^C]*/, '')}C${right + 6} 900 ${right - 6} 640 ${right} ${top}Z`;
  const folds = paint.linear(
    Array.from({ length: 15 }, (_, i) => {
      const offset = i === 0 || i === 14 ? i / 14 : Number((i / 14 + paint.between(-0.024, 0.024)).toFixed(3));
      return [
        offset,
        i % 2 === 0 ? '#1d120a' : '#fff8ea',
        Number(paint.between(0.08, i % 2 === 0 ? 0.36 : 0.24).toFixed(2)),
      ] as const;
    }),
  );
  const second = tone(colour, lightness(colour) > 0.5 ? -0.5 : 0.55);
  const striped = Math.floor(seed / 2) % 4 === 0;
  const stripes = striped
    ? [0, 1, 2, 3]
        .map((i) =>
          rect(
            left - 20,
            bottom - 250 + i * 52,
            right - left + 40,
            i === 3 ? 12 : 24,
            `fill="${second}" opacity="0.8"`,
          ),
        )
        .join('')
    : '';
  const fringe = Array.from({ length: 48 }, (_, i) => {
    const x = left + 4 + ((right - left - 8) * i) / 47;
    const length = paint.between(50, 66);
    const sway = paint.between(-7, 7);
    return path(
      `M${x.toFixed(1)} ${bottom - 6}q${sway.toFixed(1)} ${(length / 2).toFixed(1)} ${(sway * 0.4).toFixed(1)} ${length.toFixed(1)}`,
      `fill="none" stroke="${tone(colour, paint.between(-0.3, 0.1))}" stroke-width="6.5" stroke-linecap="round"`,
    );
  });
  return [
    group(
      `opacity="0.24" filter="${paint.blur(20, 0.2)}"`,
      path(outline, 'fill="#2a1a0e" transform="translate(46 26)"'),
    ),
    rect(
      176,
      378,
      860,
      30,
      `rx="15" fill="#2a1a0e" opacity="0.25" transform="translate(26 26)" filter="${paint.blur(8, 0.4)}"`,
    ),
    ...[232, 968].map(
      (x) =>
        rect(
          x - 7,
          130,
          14,
          262,
          `fill="${paint.linear([
            [0, '#5a4a36'],
            [0.4, '#c9b28a'],
            [1, '#4f402d'],
          ])}"`,
        ) + ellipse(x, 128, 16, 16, 'fill="#7a6240"'),
    ),
    rect(
      170,
      374,
      860,
      34,
      `rx="17" fill="${paint.linear(
        [
          [0, tone(OAK, 0.35)],
          [0.35, OAK],
          [1, tone(OAK, -0.55)],
        ],
        0,
        0,
        0,
        1,
      )}"`,
    ),
    ...fringe,
    group(
      `clip-path="${paint.clip(outline)}"`,
      rect(left - 30, top - 40, right - left + 60, 900, `fill="${colour}"`),
      rect(left - 30, top - 40, right - left + 60, 900, `fill="${weave(paint, colour, seed)}"`),
      stripes,
      rect(
        left - 30,
        top - 40,
        right - left + 60,
        900,
        `fill="${paint.relief('0.08 0.05', 1.6, 2, 230)}" style="mix-blend-mode:soft-light" opacity="0.55"`,
      ),
      rect(left, top, right - left, 900, `fill="${folds}"`),
      rect(
        left,
        top,
        right - left,
        300,
        `fill="${paint.linearAt(
          [
            [0, '#1d120a', 0.34],
            [0.16, '#fff8ea', 0.18],
            [1, '#fff8ea', 0],
          ],
          0,
          top,
          0,
          top + 200,
        )}"`,
      ),
      rect(
        left,
        top,
        right - left,
        900,
        `fill="${paint.linearAt(
          [
            [0, '#fff4dd', 0.22],
            [0.5, '#fff4dd', 0],
            [1, '#1d120a', 0.26],
          ],
          left,
          0,
          right,
          0,
        )}"`,
      ),
    ),
    // The part that lies over the rail.
    path(
      `M${left} ${top + 8}V392C${left} 362 ${left + 20} 360 ${left + 40} 360H${right - 40}C${right - 20} 360 ${right} 362 ${right} 392V${top + 8}Z`,
      `fill="${paint.linear(
        [
          [0, tone(colour, 0.3)],
          [0.5, tone(colour, 0.1)],
          [1, tone(colour, -0.25)],
        ],
        0,
        0,
        0,
        1,
      )}"`,
    ),
  ].join('');
}

function folded(paint: Painter, colour: string, seed: number): string {
  const [left, right] = [262, 938];
  const layers = 5;
  const layerHeight = 74;
  const top = FLOOR - layers * layerHeight;
  const whole = `M${left} ${top}H${right}V${FLOOR}H${left}Z`;
  const cloth = paint.relief('0.09 0.06', 2.2, 2, 230);
  const fill = weave(paint, colour, seed);
  const one = (index: number): string => {
    const y = FLOOR - (index + 1) * layerHeight;
    const inset = paint.between(-12, 14) + index * 3;
    const [l, r] = [left + inset, right - inset * 0.6];
    const sag = paint.between(3, 11);
    const d = `M${l + 34} ${y + 3}C${l + 220} ${y + sag} ${r - 220} ${y + sag * 0.6} ${r - 34} ${y + 2}C${r + 12} ${y + 4} ${r + 12} ${y + layerHeight} ${r - 30} ${y + layerHeight + 2}C${r - 240} ${y + layerHeight + sag * 0.6} ${l + 240} ${y + layerHeight + sag * 0.4} ${l + 30} ${y + layerHeight + 2}C${l - 12} ${y + layerHeight - 4} ${l - 12} ${y + 6} ${l + 34} ${y + 3}Z`;
    return [
      path(d, `fill="${colour}"`),
      path(d, `fill="${fill}"`),
      path(d, `fill="${cloth}" style="mix-blend-mode:soft-light" opacity="0.7"`),
      path(
        d,
        `fill="${paint.linear(
          [
            [0, '#1d120a', 0.12],
            [0.3, '#fff8ea', 0.3],
            [0.6, '#1d120a', 0.02],
            [1, '#1d120a', 0.52],
          ],
          0,
          0,
          0,
          1,
        )}"`,
      ),
      path(
        d,
        `fill="${paint.linear([
          [0, '#1d120a', 0.42],
          [0.1, '#fff4dd', 0.14],
          [0.5, '#fff4dd', 0],
          [0.9, '#1d120a', 0.1],
          [1, '#1d120a', 0.5],
        ])}"`,
      ),
    ].join('');
  };
  const fringe = Array.from({ length: 52 }, (_, i) => {
    const x = left + 46 + ((right - left - 100) * i) / 51;
    return path(
      `M${x.toFixed(1)} ${top + 20}q${paint.between(-6, 6).toFixed(1)} 40 ${paint.between(-7, 7).toFixed(1)} ${paint.between(66, 92).toFixed(1)}`,
      `fill="none" stroke="${tone(colour, paint.between(-0.3, 0.22))}" stroke-width="6.5" stroke-linecap="round"`,
    );
  });
  const surface = `M${left + 26} ${top + 10}L${left + 96} ${top - 62}H${right - 78}L${right - 22} ${top + 10}C${right - 240} ${top + 26} ${left + 240} ${top + 24} ${left + 26} ${top + 10}Z`;
  return [
    standingShadow(paint, 600, FLOOR, 330, FLOOR - top, whole),
    ...Array.from({ length: layers }, (_, i) => one(i)),
    group(
      `opacity="0.3" filter="${paint.blur(5, 0.2)}" transform="translate(4 8)"`,
      ...fringe.map((strand) => strand.replace(/stroke="#[0-9a-f]+"/, 'stroke="#1d120a"')),
    ),
    ...fringe,
    path(surface, `fill="${tone(colour, 0.12)}"`),
    group(
      `clip-path="${paint.clip(surface)}"`,
      group(
        `transform="translate(0 ${top * 0.62}) scale(1 0.38)"`,
        rect(left - 40, top - 300, right - left + 80, 700, `fill="${fill}"`),
      ),
    ),
    path(surface, `fill="${cloth}" style="mix-blend-mode:soft-light" opacity="0.6"`),
    path(
      surface,
      `fill="${paint.linear(
        [
          [0, '#1d120a', 0.2],
          [0.5, '#fff8ea', 0.16],
          [1, '#fff8ea', 0.3],
        ],
        0,
        0,
        0,
        1,
      )}"`,
    ),
  ].join('');
}
