import { i18n } from '../words.ts';
import { Button, LoadingState, Skeleton } from '@souk/ui/admin';

/** The shape of a list on its way. */
export const ListSkeleton = ({ rows = 10, label }: { readonly rows?: number; readonly label: string }) => (
  <LoadingState label={label}>
    <Skeleton className="mb-5 h-7 w-40" />
    <div className="rounded-card bg-surface ring-1 ring-line">
      <div className="flex gap-3 border-b border-line p-4">
        <Skeleton className="h-5 w-14" />
        <Skeleton className="h-5 w-20" />
        <Skeleton className="h-5 w-16" />
      </div>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className="flex h-14 items-center gap-6 border-b border-line px-4 last:border-0 sm:h-10">
          <Skeleton className="h-4 w-20" />
          <Skeleton className="h-4 w-36" />
          <Skeleton className="ms-auto h-4 w-24" />
          <Skeleton className="hidden h-4 w-16 sm:block" />
        </div>
      ))}
    </div>
  </LoadingState>
);

/** How much of a list is shown, and the way to more of it. */
export function ListEnd({
  shown,
  counted,
  hasMore,
  isLoading,
  onMore,
}: {
  readonly shown: number;
  /** So many of them, in words: `12 orders`. */
  readonly counted: (n: number) => string;
  readonly hasMore: boolean;
  readonly isLoading: boolean;
  readonly onMore: () => void;
}) {
  return (
    <div className="flex items-center justify-between gap-3 border-t border-line px-4 py-2.5">
      <p className="text-13 text-ink-soft" aria-live="polite">
        {hasMore ? i18n.t('{count} so far', { count: counted(shown) }) : counted(shown)}
      </p>
      {hasMore && (
        <Button size="small" onClick={onMore} busyLabel={isLoading && i18n.t('Loading …')}>
          {i18n.t('Show more')}
        </Button>
      )}
    </div>
  );
}
