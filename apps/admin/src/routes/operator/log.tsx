import { i18n } from '../../words.ts';
import { EmptyState, PageHeader, RelativeTime } from '@souk/ui/admin';
import { useSuspenseInfiniteQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { History } from 'lucide-react';
import type { Api } from '../../api.ts';
import { keysetPages } from '../../components/keyset-pages.ts';
import { ListEnd, ListSkeleton } from '../../components/list-parts.tsx';
import { RouteError } from '../../components/route-states.tsx';
import { operatorDeedWords, reasonOfStatus } from '../../site-status-words.ts';

const pagesOf = (api: Api) =>
  keysetPages(api.operator.log.queryKey(), undefined, (after, signal) =>
    api.client.operator.log.query({ ...after, limit: 50 }, { signal }),
  );

export const Route = createFileRoute('/operator/log')({
  loader: ({ context }) => context.queryClient.ensureInfiniteQueryData(pagesOf(context.account)),
  head: () => ({ meta: [{ title: i18n.t('Log · Installation') }] }),
  pendingComponent: () => <ListSkeleton label={i18n.t('The log is being loaded')} />,
  errorComponent: RouteError,
  component: OperatorLog,
});

function OperatorLog() {
  const { account } = Route.useRouteContext();
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useSuspenseInfiniteQuery(pagesOf(account));
  const rows = data.pages.flatMap((page) => page.rows);
  return (
    <>
      <PageHeader title={i18n.t('Log of this installation')}>
        {i18n.t(
          'What those who run it have done. It can be read, never changed; each site has what was done to it in its own log, too.',
        )}
      </PageHeader>
      <div className="rounded-card bg-surface shadow-card ring-1 ring-line">
        {rows.length === 0 ? (
          <EmptyState icon={<History size={20} aria-hidden />} title={i18n.t('Nothing has been done yet')}>
            {i18n.t('Sites that are made, suspended or archived stand here, and people who come and go.')}
          </EmptyState>
        ) : (
          <>
            <ul aria-label={i18n.t('Log')} className="divide-y divide-line">
              {rows.map((row) => {
                const because = row.reason === undefined ? undefined : reasonOfStatus(row.reason);
                return (
                  <li key={row.actionId} className="flex items-baseline gap-x-4 px-4 py-2 text-14">
                    <p className="min-w-0 flex-1">
                      <span className="font-medium">{row.who}</span>{' '}
                      {operatorDeedWords(row.action, row.site?.name ?? row.subject ?? '')}
                      {because !== undefined && <span className="text-ink-soft"> · {because}</span>}
                    </p>
                    <RelativeTime at={row.timestamp} className="text-13 text-ink-soft" />
                  </li>
                );
              })}
            </ul>
            <ListEnd
              shown={rows.length}
              counted={(n) => i18n.t('{n, plural, one {# entry} other {# entries}}', { n })}
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
