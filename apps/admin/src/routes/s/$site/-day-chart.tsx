import { i18n } from '../../../words.ts';
import { useReader } from '@souk/ui/admin';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import { dayWords } from '../../../components/site-day.ts';
import { labelled, niceTop } from './-day-chart-scale.ts';

const HEIGHT = 224;
const TOP = 16;
const BOTTOM = 26;
const RIGHT = 12;

type DayChartProps = {
  readonly title: string;
  readonly days: readonly { readonly day: string; readonly value: number }[];
  /** The same number of values of the time before; dotted. */
  readonly comparison: readonly number[];
  readonly comparisonLabel: string;
  readonly format: (value: number) => string;
  readonly formatShort: (value: number) => string;
  /** Smallest top of the scale, so that little does not look like much. */
  readonly smallestTop: number;
};

/** One series per day over the dotted time before, from zero. Each day leads to its orders: by click, or by arrows and Enter. */
export function DayChart({
  title,
  days,
  comparison,
  comparisonLabel,
  format,
  formatShort,
  smallestTop,
}: DayChartProps) {
  const { dateLocale } = useReader();
  const navigate = useNavigate({ from: '/s/$site' });
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(720);
  const [at, setAt] = useState<number>();
  // A first touch shows a day, a second one opens it: there is no hovering with a finger.
  const touched = useRef<number | undefined>(undefined);
  const byTouch = useRef(false);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.max(entry.contentRect.width, 240)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const top = niceTop(Math.max(...days.map((d) => d.value), ...comparison), smallestTop);
  const left = Math.max(...[0, top / 2, top].map((tick) => formatShort(tick).length)) * 7 + 12;
  const x = (i: number): number => left + (i / Math.max(days.length - 1, 1)) * (width - left - RIGHT);
  const y = (value: number): number => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM);
  const line = (values: readonly number[]): string =>
    values.map((value, i) => `${i === 0 ? 'M' : 'L'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join('');
  const values = days.map((d) => d.value);
  const peak = values.indexOf(Math.max(...values));
  const labels = labelled(days.length, Math.max(2, Math.floor((width - left) / 92)));
  const open = (day: string): void => void navigate({ to: '/s/$site/orders', search: { view: 'paid', day } });

  const nearest = (event: MouseEvent): number => {
    const rect = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - rect.left - left) / (width - left - RIGHT);
    return Math.min(Math.max(Math.round(share * (days.length - 1)), 0), days.length - 1);
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt((old) => Math.min(Math.max((old ?? days.length) + step, 0), days.length - 1));
    } else if (event.key === 'Enter' && at !== undefined) {
      const day = days[at];
      if (day) open(day.day);
    }
  };
  const pointed = at === undefined ? undefined : days[at];
  const words = (i: number, day: { readonly day: string; readonly value: number }): string =>
    `${dayWords(day.day, dateLocale)}: ${format(day.value)}. ${comparisonLabel}: ${format(comparison[i] ?? 0)}.`;

  return (
    <div
      ref={box}
      // Days run the same way in every language, as on the arrow keys.
      dir="ltr"
      role="application"
      tabIndex={0}
      aria-roledescription={i18n.t('chart')}
      aria-label={i18n.t(
        '{title}, {days, plural, one {# day} other {# days}}. Arrow keys walk the days, Enter opens a day’s orders.',
        {
          title,
          days: days.length,
        },
      )}
      onKeyDown={onKey}
      onBlur={() => setAt(undefined)}
      className="relative select-none"
    >
      <span className="sr-only" aria-live="polite">
        {pointed && at !== undefined && words(at, pointed)}
      </span>
      <svg
        width={width}
        height={HEIGHT}
        aria-hidden
        className="block max-w-full cursor-pointer overflow-visible"
        onPointerDown={(event) => {
          byTouch.current = event.pointerType === 'touch';
        }}
        onPointerMove={(event) => setAt(nearest(event))}
        onPointerLeave={(event) => event.pointerType !== 'touch' && setAt(undefined)}
        onClick={(event) => {
          const chosen = nearest(event);
          const day = days[chosen];
          setAt(chosen);
          if (day && (!byTouch.current || touched.current === chosen)) open(day.day);
          touched.current = chosen;
        }}
      >
        <rect width={width} height={HEIGHT} fill="transparent" />
        {[0, top / 2, top].map((tick) => (
          <g key={tick}>
            <line
              x1={left}
              x2={width - RIGHT}
              y1={y(tick)}
              y2={y(tick)}
              className={tick === 0 ? 'stroke-line-control' : 'stroke-line'}
            />
            <text x={left - 8} y={y(tick) + 4} textAnchor="end" className="fill-ink-faint text-12 tabular">
              {formatShort(tick)}
            </text>
          </g>
        ))}
        {days.map((d, i) =>
          labels.has(i) ? (
            <text
              key={d.day}
              x={x(i)}
              y={HEIGHT - 6}
              textAnchor={i === days.length - 1 ? 'end' : i === 0 ? 'start' : 'middle'}
              className="fill-ink-faint text-12"
            >
              {dayWords(d.day, dateLocale, 'short')}
            </text>
          ) : null,
        )}
        <path d={`${line(values)}L${x(days.length - 1)} ${y(0)}L${x(0)} ${y(0)}Z`} className="fill-accent opacity-8" />
        <path
          d={line(comparison)}
          fill="none"
          strokeWidth={1.5}
          strokeDasharray="1 5"
          strokeLinecap="round"
          className="stroke-ink-faint"
        />
        <path
          d={line(values.slice(0, -1))}
          fill="none"
          strokeWidth={2}
          strokeLinejoin="round"
          strokeLinecap="round"
          className="stroke-accent"
        />
        {/* Today is not over: its part is drawn as unfinished. */}
        <path
          d={`M${x(days.length - 2)} ${y(values.at(-2) ?? 0)}L${x(days.length - 1)} ${y(values.at(-1) ?? 0)}`}
          strokeWidth={2}
          strokeDasharray="4 4"
          className="stroke-accent opacity-60"
        />
        {at === undefined && values.length > 0 && (
          <text
            x={Math.min(Math.max(x(peak), left + 30), width - 40)}
            y={Math.max(y(values[peak] ?? 0) - 9, 11)}
            textAnchor="middle"
            className="fill-ink text-12 font-medium tabular"
          >
            {formatShort(values[peak] ?? 0)}
          </text>
        )}
        {days.length <= 31 &&
          days.map((d, i) => (
            <circle key={d.day} cx={x(i)} cy={y(d.value)} r={i === at ? 4.5 : 2.5} className="fill-accent" />
          ))}
        {pointed && at !== undefined && (
          <>
            <line x1={x(at)} x2={x(at)} y1={TOP} y2={y(0)} className="stroke-line-control" strokeDasharray="2 3" />
            <circle cx={x(at)} cy={y(pointed.value)} r={5} strokeWidth={2} className="fill-accent stroke-surface" />
          </>
        )}
      </svg>
      {pointed && at !== undefined && (
        <div
          aria-hidden
          className="pointer-events-none absolute top-0 z-1 w-max max-w-56 rounded-control bg-ink px-3 py-2 text-12 text-ink-inverse shadow-float"
          style={{
            left: x(at),
            transform: x(at) > width * 0.6 ? 'translateX(calc(-100% - 10px))' : 'translateX(10px)',
          }}
        >
          <p className="opacity-80">
            {dayWords(pointed.day, dateLocale)}
            {at === days.length - 1 && i18n.t(', so far')}
          </p>
          <p className="tabular text-14 font-semibold">{format(pointed.value)}</p>
          <p className="tabular opacity-80">
            {comparisonLabel}: {format(comparison[at] ?? 0)}
          </p>
        </div>
      )}
    </div>
  );
}
