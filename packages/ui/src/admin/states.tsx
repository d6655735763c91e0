import { i18n } from '@lingui/core';
import { CircleAlert, Inbox, LockKeyhole } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

/** A grey stand-in of something's shape. */
export const Skeleton = ({ className }: { readonly className?: string }) => (
  <span aria-hidden className={classNames('block animate-skeleton rounded-control bg-pressed', className)} />
);

/** A page on its way: shown only when it takes noticeable time. */
export function LoadingState({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div role="status" className="animate-late">
      <h1 className="sr-only">{label}</h1>
      {children}
    </div>
  );
}

type StateProps = {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** True where the state is the whole page: its title is the page's. */
  readonly isPage?: boolean;
};

function State({
  icon,
  title,
  children,
  action,
  reference,
  isPage = false,
}: StateProps & { readonly icon: ReactNode; readonly reference?: string | undefined }) {
  const Title = isPage ? 'h1' : 'p';
  return (
    <div className="mx-auto flex max-w-md flex-col items-center px-6 py-14 text-center">
      <span className="mb-4 flex size-11 items-center justify-center rounded-full bg-pressed/60 text-ink-soft">
        {icon}
      </span>
      <Title className="text-16 font-semibold">{title}</Title>
      {children !== undefined && <div className="mt-1 text-14 text-pretty text-ink-soft">{children}</div>}
      {action !== undefined && <div className="mt-5 flex flex-wrap justify-center gap-2">{action}</div>}
      {reference !== undefined && (
        <p className="mt-5 text-12 text-ink-faint">
          {i18n.t('Reference')} <code className="font-mono select-all">{reference}</code>
        </p>
      )}
    </div>
  );
}

/** Nothing yet: one sentence, one action. */
export const EmptyState = ({ icon, ...state }: StateProps & { readonly icon?: ReactNode }) => (
  <State icon={icon ?? <Inbox size={20} aria-hidden />} {...state} />
);

/** What happened, what is safe, how to go on. */
export const ErrorState = (state: StateProps & { readonly reference?: string | undefined }) => (
  <div role="alert">
    <State icon={<CircleAlert size={20} aria-hidden />} {...state} />
  </div>
);

/** Not allowed: who can change that. */
export const RefusedState = (state: StateProps) => <State icon={<LockKeyhole size={20} aria-hidden />} {...state} />;
