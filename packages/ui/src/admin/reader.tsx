import { createContext, use, useEffect, useState, type ReactNode } from 'react';
import { Tooltip } from './tooltip.tsx';
import { classNames } from './class-names.ts';
import { formatMoney, type Amount } from './money-format.ts';
import { formatExact, formatRelative } from './time-format.ts';

/** How this reader is shown numbers, and whose clock times are told by. */
export type Reader = { readonly locale: string; readonly dateLocale: string; readonly timeZone: string };

const ReaderContext = createContext<Reader>({ locale: 'en', dateLocale: 'en-GB', timeZone: 'UTC' });

export const ReaderProvider = ({ reader, children }: { readonly reader: Reader; readonly children: ReactNode }) => (
  <ReaderContext value={reader}>{children}</ReaderContext>
);

export const useReader = (): Reader => use(ReaderContext);

/** An amount with its currency, in the reader's format. */
export function Money({ amount, className }: { readonly amount: Amount; readonly className?: string }) {
  const { locale } = useReader();
  return <span className={classNames('tabular whitespace-nowrap', className)}>{formatMoney(amount, locale)}</span>;
}

/** Ticks once a minute, so that what was "just now" does not stay so. */
function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** When, in words; the exact time with its zone on hover and focus. */
export function RelativeTime({
  at,
  className,
  focusable = true,
  isAhead = false,
}: {
  readonly at: string | Date;
  /** It is still to come. What has been is never told as to come, though two clocks differ. */
  readonly isAhead?: boolean;
  readonly className?: string;
  readonly focusable?: boolean;
}) {
  const reader = useReader();
  const now = useNow();
  const date = typeof at === 'string' ? new Date(at) : at;
  const exact = formatExact(date, reader.timeZone, reader.dateLocale);
  const time = (
    <time
      dateTime={date.toISOString()}
      {...(focusable ? { tabIndex: 0, 'aria-label': exact } : { title: exact })}
      className={classNames('whitespace-nowrap', className)}
    >
      {formatRelative(date, now < date && !isAhead ? date : now, reader.timeZone, reader.dateLocale)}
    </time>
  );
  return focusable ? <Tooltip text={exact}>{time}</Tooltip> : time;
}
