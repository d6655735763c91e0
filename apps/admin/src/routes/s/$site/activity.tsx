import { EmptyState, PageHeader, RelativeTime, placeOf } from '@souk/ui/admin';
import { useSuspenseInfiniteQuery } from '@tanstack/react-query';
import { Link, createFileRoute } from '@tanstack/react-router';
import { ChevronRight, History } from 'lucide-react';
import { actionWords, detailsOf } from '../../../activity-words.ts';
import type { Api } from '../../../api.ts';
import { keysetPages } from '../../../components/keyset-pages.ts';
import { ListEnd, ListSkeleton } from '../../../components/list-parts.tsx';

const pagesOf = (api: Api) =>
  keysetPages(api.activity.list.queryKey({ limit: 50 }), undefined, (after, signal) =>
    api.client.activity.list.query({ limit: 50, ...after }, { signal }),
  );

export const Route = createFileRoute('/s/$site/activity')({
  loader: ({ context }) => context.queryClient.ensureInfiniteQueryData(pagesOf(context.api)),
  head: ({ match }) => ({ meta: [{ title: `Activity · ${match.context.site?.name ?? ''}` }] }),
  pendingComponent: () => <ListSkeleton label="The activity is being loaded" />,
  component: Activity,
});

type Row = Awaited<ReturnType<Api['client']['activity']['list']['query']>>['rows'][number];

function Activity() {
  const { api, site } = Route.useRouteContext();
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useSuspenseInfiniteQuery({
    ...pagesOf(api),
    staleTime: 0,
  });
  const rows = data.pages.flatMap((page) => page.rows);
  return (
    <>
      <PageHeader title="Activity">
        Who did what in {site.name}. It can be read, never changed. Times are {placeOf(site.timeZone)} time.
      </PageHeader>
      <div className="rounded-card bg-surface shadow-card ring-1 ring-line">
        {rows.length === 0 ? (
          <EmptyState icon={<History size={20} aria-hidden />} title="Nothing has been done yet">
            As soon as somebody publishes, imports or sends something, it stands here.
          </EmptyState>
        ) : (
          <>
            <ul aria-label="Activity" className="divide-y divide-line">
              {rows.map((row) => (
                <li key={row.actionId} className="flex items-baseline gap-x-4 px-4 py-2 text-14">
                  <div className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-2">
                    <p>
                      <span className="font-medium">{row.who}</span>{' '}
                      <span className="text-ink-faint">({row.roleName})</span> {actionWords(row.action, row.after)}
                    </p>
                    <EntityLink row={row} />
                    <Details row={row} />
                  </div>
                  <RelativeTime at={row.timestamp} className="text-13 text-ink-soft" />
                </li>
              ))}
            </ul>
            <ListEnd
              shown={rows.length}
              noun={['entry', 'entries']}
              hasMore={hasNextPage}
              isLoading={isFetchingNextPage}
              onMore={() => void fetchNextPage()}
            />
          </>
        )}
      </div>
    </>
  );
}

function EntityLink({ row }: { readonly row: Row }) {
  const { entityId, entityType } = row;
  if (entityId === undefined) return null;
  const className = 'inline-flex items-center text-accent hover:underline';
  const open = (
    <>
      {entityType === 'order' ? 'see the order' : entityType === 'product' ? 'see the product' : 'see the import'}
      <ChevronRight size={13} aria-hidden />
    </>
  );
  if (entityType === 'order')
    return (
      <Link from={Route.fullPath} to="/s/$site/orders/$orderId" params={{ orderId: entityId }} className={className}>
        {open}
      </Link>
    );
  if (entityType === 'product')
    return (
      <Link
        from={Route.fullPath}
        to="/s/$site/products/$productId"
        params={{ productId: entityId }}
        className={className}
      >
        {open}
      </Link>
    );
  if (entityType === 'product_import')
    return (
      <Link
        from={Route.fullPath}
        to="/s/$site/products/import/$importId"
        params={{ importId: entityId }}
        className={className}
      >
        {open}
      </Link>
    );
  return null;
}

function Details({ row }: { readonly row: Row }) {
  const details = detailsOf(row.after);
  if (details.length === 0) return null;
  return (
    <details className="text-13 text-ink-soft open:basis-full">
      <summary className="w-fit cursor-pointer py-0.5 hover:text-ink touch:py-3">Details</summary>
      <dl className="mt-1 mb-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
        {details.map(([name, value]) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd className="font-mono text-12 break-all text-ink">{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
