import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

export type Tone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger';

const DOTS: Readonly<Record<Tone, string>> = {
  neutral: 'bg-neutral-dot',
  accent: 'bg-accent',
  success: 'bg-success-dot',
  warning: 'bg-warning-dot',
  danger: 'bg-danger-dot',
};

const BADGES: Readonly<Record<Tone, string>> = {
  neutral: 'bg-pressed/70 text-ink-soft',
  accent: 'bg-accent-soft text-accent',
  success: 'bg-success-soft text-success',
  warning: 'bg-warning-soft text-warning',
  danger: 'bg-danger-soft text-danger',
};

/** A state as dot and word, never as colour alone. A hollow dot is something that has come to its end. */
export function StatusDot({
  tone,
  hollow = false,
  children,
}: {
  readonly tone: Tone;
  readonly hollow?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <span
        aria-hidden
        className={classNames(
          'size-2 shrink-0 rounded-full',
          hollow ? 'ring-2 ring-inset ring-neutral-dot' : DOTS[tone],
        )}
      />
      {children}
    </span>
  );
}

export function Badge({ tone = 'neutral', children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return (
    <span
      className={classNames(
        'inline-flex h-5 items-center gap-1 rounded-full px-2 text-12 font-medium whitespace-nowrap',
        BADGES[tone],
      )}
    >
      {children}
    </span>
  );
}

/** A remark that stays where it belongs. */
export function Notice({
  tone = 'neutral',
  title,
  children,
  action,
}: {
  readonly tone?: Tone;
  readonly title?: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={classNames('flex flex-wrap items-center gap-x-4 gap-y-2 rounded-card px-4 py-3 text-14', BADGES[tone])}
    >
      <div className="min-w-0 flex-1">
        {title !== undefined && <p className="font-semibold">{title}</p>}
        {children !== undefined && <div className={tone === 'neutral' ? '' : 'text-ink'}>{children}</div>}
      </div>
      {action}
    </div>
  );
}
