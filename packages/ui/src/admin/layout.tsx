import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** Title, state, one primary action, the rest in a menu. */
export function PageHeader({
  title,
  status,
  actions,
  children,
}: {
  readonly title: ReactNode;
  readonly status?: ReactNode;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <header className="mb-5 flex flex-wrap items-center gap-x-3 gap-y-3">
      <div className="min-w-0 flex-1 basis-40">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="min-w-0 text-20 font-semibold tracking-tight text-balance break-words">{title}</h1>
          {status}
        </div>
        {children !== undefined && <div className="mt-0.5 text-13 text-ink-soft">{children}</div>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}

export function Card({
  title,
  aside,
  children,
  className,
  flush = false,
}: {
  readonly title?: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
  readonly flush?: boolean;
}) {
  return (
    <section className={classNames('rounded-card bg-surface shadow-card ring-1 ring-line', className)}>
      {title !== undefined && (
        <div className="flex items-center justify-between gap-3 px-4 pt-3.5 pb-2">
          <h2 className="text-14 font-semibold">{title}</h2>
          {aside !== undefined && <div className="text-13 text-ink-soft">{aside}</div>}
        </div>
      )}
      <div className={flush ? '' : classNames('px-4 pb-4', title === undefined && 'pt-4')}>{children}</div>
    </section>
  );
}

/** Facts as name and value. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="flex flex-col gap-2 text-14">{children}</dl>;
}

export function Fact({
  name,
  children,
  strong = false,
  className,
}: {
  readonly name: ReactNode;
  readonly children: ReactNode;
  readonly strong?: boolean;
  readonly className?: string;
}) {
  return (
    <div className={classNames('flex items-baseline justify-between gap-4', strong && 'font-semibold', className)}>
      <dt className={strong ? '' : 'text-ink-soft'}>{name}</dt>
      <dd className="min-w-0 text-end break-words">{children}</dd>
    </div>
  );
}
