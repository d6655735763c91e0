import { Trans } from '@lingui/react';
import { i18n } from '../../../words.ts';
import {
  Badge,
  Button,
  EmptyState,
  Menu,
  MenuItem,
  Notice,
  PageHeader,
  RelativeTime,
  Select,
  TextField,
  placeOf,
} from '@souk/ui/admin';
import { useMutation, useSuspenseInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link, createFileRoute } from '@tanstack/react-router';
import { ChevronRight, Download, History, X } from 'lucide-react';
import { actionLabel, actionWords } from '../../../activity-words.ts';
import type { Api } from '../../../api.ts';
import { keysetPages } from '../../../components/keyset-pages.ts';
import { ListEnd, ListSkeleton } from '../../../components/list-parts.tsx';
import { wordsOf } from '../../../refusal.ts';
import { Changes } from './-activity-change.tsx';
import { type ActivitySearch, filterOfSearch, parseActivitySearch } from './-activity-search.ts';

const pagesOf = (api: Api, search: ActivitySearch, timeZone: string) => {
  const asked = { ...filterOfSearch(search, timeZone), limit: 50 };
  return keysetPages(api.activity.list.queryKey(asked), undefined, (after, signal) =>
    api.client.activity.list.query({ ...asked, ...after }, { signal }),
  );
};
const filtersOf = (api: Api) => api.activity.filters.queryOptions(undefined, { staleTime: 60_000 });

export const Route = createFileRoute('/s/$site/activity')({
  validateSearch: parseActivitySearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) =>
    Promise.all([
      context.queryClient.ensureInfiniteQueryData(pagesOf(context.api, deps, context.site.timeZone)),
      context.queryClient.ensureQueryData(filtersOf(context.api)),
    ]),
  head: ({ match }) => ({ meta: [{ title: `${i18n.t('Activity')} · ${match.context.site?.name ?? ''}` }] }),
  pendingComponent: () => <ListSkeleton label={i18n.t('The activity is being loaded')} />,
  component: Activity,
});

type Row = Awaited<ReturnType<Api['client']['activity']['list']['query']>>['rows'][number];

function Activity() {
  const { api, site } = Route.useRouteContext();
  const search = Route.useSearch();
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useSuspenseInfiniteQuery({
    ...pagesOf(api, search, site.timeZone),
    staleTime: 0,
  });
  const rows = data.pages.flatMap((page) => page.rows);
  const isFiltered = Object.keys(search).length > 0;
  const searchedTo = data.pages.at(-1)?.searchedTo;
  return (
    <>
      <PageHeader
        title={i18n.t('Activity')}
        actions={<ExportMenu api={api} search={search} timeZone={site.timeZone} />}
      >
        {i18n.t('Who did what in {siteName}. It can be read, never changed. Times are {place} time.', {
          siteName: site.name,
          place: placeOf(site.timeZone),
        })}
      </PageHeader>
      <Filters api={api} search={search} />
      <div className="rounded-card bg-surface shadow-card ring-1 ring-line">
        {rows.length === 0 && searchedTo === undefined ? (
          isFiltered ? (
            <EmptyState icon={<History size={20} aria-hidden />} title={i18n.t('Nothing fits')}>
              {i18n.t('Nobody did that in this time. Ask for less at once, or for a longer time.')}
            </EmptyState>
          ) : (
            <EmptyState icon={<History size={20} aria-hidden />} title={i18n.t('Nothing has been done yet')}>
              {i18n.t('As soon as somebody publishes, imports or sends something, it stands here.')}
            </EmptyState>
          )
        ) : (
          <>
            <ul aria-label={i18n.t('Activity')} className="divide-y divide-line">
              {rows.map((row) => (
                <li key={row.actionId} className="flex items-baseline gap-x-4 px-4 py-2 text-14">
                  <div className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-2">
                    <p className="min-w-0 break-words">
                      <span className="font-medium">{row.who}</span>{' '}
                      {row.isSupport ? (
                        <Badge tone="accent">{i18n.t('support')}</Badge>
                      ) : (
                        <span className="text-ink-faint">({row.roleName})</span>
                      )}{' '}
                      {actionWords(row.action, row.after)}
                      {row.whom !== undefined && (
                        <>
                          : <span className="font-medium">{row.whom}</span>
                        </>
                      )}
                    </p>
                    <EntityLink row={row} />
                    <Changes before={row.before} after={row.after} />
                  </div>
                  <RelativeTime at={row.timestamp} className="text-13 text-ink-soft" />
                </li>
              ))}
            </ul>
            {searchedTo !== undefined && (
              <p className="border-t border-line px-4 py-2.5 text-13 text-pretty text-ink-soft">
                <Trans
                  id="Looked back as far as <0/>. There may be more before; show more to look further."
                  components={{ 0: <RelativeTime at={searchedTo} /> }}
                />
              </p>
            )}
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

const ANY = 'any';

/** By whom, what and when. What is chosen stands in the address, so that it can be kept and sent to somebody. */
function Filters({ api, search }: { readonly api: Api; readonly search: ActivitySearch }) {
  const { data } = useSuspenseQuery(filtersOf(api));
  const navigate = Route.useNavigate();
  const choose = (change: Partial<Record<keyof ActivitySearch, string>>): void =>
    void navigate({ search: (old) => parseActivitySearch({ ...old, ...change }), replace: true });
  const optionsWith = (
    chosen: string | undefined,
    any: string,
    options: readonly { value: string; label: string }[],
    unknown: (value: string) => string,
  ) => [
    { value: ANY, label: any },
    ...options,
    // What an address asks for and the log does not know is shown as what it is.
    ...(chosen === undefined || options.some((o) => o.value === chosen)
      ? []
      : [{ value: chosen, label: unknown(chosen) }]),
  ];
  return (
    <div className="mb-4 flex flex-col gap-3">
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Select
          label={i18n.t('Who')}
          value={search.who ?? ANY}
          options={optionsWith(
            search.who,
            i18n.t('Everybody'),
            data.people.map((p) => ({ value: p.id, label: p.name })),
            () => i18n.t('somebody else'),
          )}
          onChange={(who) => choose({ who })}
        />
        <Select
          label={i18n.t('What')}
          value={search.action ?? ANY}
          options={optionsWith(
            search.action,
            i18n.t('Everything'),
            data.actions.map((a) => ({ value: a, label: actionLabel(a) })),
            actionLabel,
          )}
          onChange={(action) => choose({ action })}
        />
        <TextField
          label={i18n.t('From')}
          type="date"
          value={search.from ?? ''}
          onValueChange={(from) => choose({ from })}
        />
        <TextField label={i18n.t('To')} type="date" value={search.to ?? ''} onValueChange={(to) => choose({ to })} />
      </div>
      {Object.keys(search).length > 0 && (
        <div className="flex flex-wrap items-center gap-2">
          {search.thing !== undefined && (
            <Badge tone="accent">
              {search.kind === 'product'
                ? i18n.t('only this product')
                : search.kind === 'order'
                  ? i18n.t('only this order')
                  : i18n.t('only one thing')}
            </Badge>
          )}
          <Button
            size="small"
            variant="quiet"
            icon={<X size={14} aria-hidden />}
            onClick={() => void navigate({ search: {} })}
          >
            {i18n.t('Show everything')}
          </Button>
        </div>
      )}
    </div>
  );
}

function ExportMenu({
  api,
  search,
  timeZone,
}: {
  readonly api: Api;
  readonly search: ActivitySearch;
  readonly timeZone: string;
}) {
  const download = useMutation(
    api.activity.export.mutationOptions({ onSuccess: ({ href }) => window.location.assign(href) }),
  );
  const start = (format: 'csv' | 'jsonl'): void => download.mutate({ ...filterOfSearch(search, timeZone), format });
  return (
    <div className="flex flex-col items-end gap-2">
      <Menu
        trigger={
          <Button icon={<Download size={15} aria-hidden />} busyLabel={download.isPending && i18n.t('Preparing …')}>
            {i18n.t('Export')}
          </Button>
        }
      >
        <MenuItem onSelect={() => start('csv')}>{i18n.t('For a spreadsheet (CSV)')}</MenuItem>
        <MenuItem onSelect={() => start('jsonl')}>{i18n.t('For a program (JSON lines)')}</MenuItem>
      </Menu>
      {download.error && <Notice tone="danger">{wordsOf(download.error)}</Notice>}
    </div>
  );
}

function EntityLink({ row }: { readonly row: Row }) {
  const { entityId, entityType } = row;
  if (entityId === undefined) return null;
  const className = 'inline-flex items-center text-accent hover:underline';
  const open = (
    <>
      {entityType === 'order'
        ? i18n.t('see the order')
        : entityType === 'product'
          ? i18n.t('see the product')
          : i18n.t('see the import')}
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
