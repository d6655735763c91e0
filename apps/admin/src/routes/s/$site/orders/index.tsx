import { orderCount } from '../../../../order-words.ts';
import { i18n } from '../../../../words.ts';
import {
  Badge,
  type Column,
  DataList,
  EmptyState,
  Money,
  PageHeader,
  RelativeTime,
  StatusDot,
  TabCount,
  buttonClass,
  classNames,
  tabClass,
  useReader,
} from '@souk/ui/admin';
import { useSuspenseInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link, createFileRoute } from '@tanstack/react-router';
import { X } from 'lucide-react';
import type { Api } from '../../../../api.ts';
import { keysetPages } from '../../../../components/keyset-pages.ts';
import { countWords } from '../../../../components/count-words.ts';
import { ListEnd, ListSkeleton } from '../../../../components/list-parts.tsx';
import { SearchField } from '../../../../components/search-field.tsx';
import { dayWords, firstIdAt, nextDay, startOfDay } from '../../../../components/site-day.ts';
import { useArrivals } from '../../../../live.ts';
import { ORDER_STATUS_WORDS } from '../../../../order-words.ts';
import { ORDER_VIEWS, type OrdersSearch, parseOrdersSearch, statusesOf } from './-orders-search.ts';

/** The list is read by key, newest first; a day begins where the one after it would. */
function pagesOf(api: Api, { view, q, day }: Omit<OrdersSearch, 'pages'>, timeZone: string) {
  const input = {
    limit: 50,
    ...(q === undefined ? {} : { q }),
    ...(statusesOf(view).length === 0 ? {} : { status: [...statusesOf(view)] }),
    ...(view === 'to-check' ? { toCheck: true } : {}),
  };
  const first = day === undefined ? undefined : firstIdAt(startOfDay(nextDay(day), timeZone));
  return keysetPages(api.orders.list.queryKey(input), first, (after, signal) =>
    api.client.orders.list.query({ ...input, ...after }, { signal }),
  );
}

export const Route = createFileRoute('/s/$site/orders/')({
  validateSearch: parseOrdersSearch,
  loaderDeps: ({ search: { view, q, day } }): Omit<OrdersSearch, 'pages'> => ({
    ...(view && { view }),
    ...(q && { q }),
    ...(day && { day }),
  }),
  loader: async ({ context, deps, location }) => {
    const { pages = 1 } = parseOrdersSearch(location.search);
    await Promise.all([
      context.queryClient.ensureInfiniteQueryData({ ...pagesOf(context.api, deps, context.site.timeZone), pages }),
      context.queryClient.ensureQueryData(context.api.orders.counts.queryOptions()),
    ]);
  },
  head: ({ match }) => ({ meta: [{ title: `${i18n.t('Orders')} · ${match.context.site?.name ?? ''}` }] }),
  pendingComponent: () => <ListSkeleton label={i18n.t('Orders are being loaded')} />,
  component: Orders,
});

/** Views that are shown only when there is something in them. */
const RARE: ReadonlySet<string> = new Set(['on-hold', 'to-check']);

function Orders() {
  const { api, site } = Route.useRouteContext();
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const { dateLocale } = useReader();
  const arrivals = useArrivals();
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useSuspenseInfiniteQuery(
    pagesOf(api, search, site.timeZone),
  );

  const { day, q, view } = search;
  const dayBegins = day === undefined ? undefined : startOfDay(day, site.timeZone).toISOString();
  const loaded = data.pages.flatMap((page) => page.rows);
  const rows = dayBegins === undefined ? loaded : loaded.filter((row) => row.createdAt >= dayBegins);
  const hasMore = hasNextPage && rows.length === loaded.length;
  const { byStatus: counts, toCheck } = useSuspenseQuery(api.orders.counts.queryOptions()).data;
  const countOf = ({ view: name, statuses }: (typeof ORDER_VIEWS)[number]): number =>
    name === 'to-check'
      ? toCheck
      : (statuses.length === 0 ? Object.values(counts) : statuses.map((status) => counts[status] ?? 0)).reduce(
          (a, b) => a + b,
          0,
        );
  const more = (): void => {
    void fetchNextPage();
    void navigate({ search: (old) => ({ ...old, pages: data.pages.length + 1 }), replace: true, resetScroll: false });
  };
  const isFiltered = q !== undefined || day !== undefined || view !== undefined;

  return (
    <>
      <PageHeader title={i18n.t('Orders')} />
      <div className="rounded-card bg-surface shadow-card ring-1 ring-line">
        <nav aria-label={i18n.t('Views')} className="flex gap-1 overflow-x-auto border-b border-line px-2 pt-1.5 pb-px">
          {ORDER_VIEWS.filter((tab) => !RARE.has(tab.view) || countOf(tab) > 0 || tab.view === view).map((tab) => {
            const active = tab.view === (view ?? 'all');
            return (
              <Link
                key={tab.view}
                to="."
                search={{ ...(tab.view === 'all' ? {} : { view: tab.view }), ...(q === undefined ? {} : { q }) }}
                aria-current={active ? 'page' : undefined}
                className={tabClass(active)}
              >
                {tab.label} <TabCount>{countWords(countOf(tab))}</TabCount>
              </Link>
            );
          })}
        </nav>
        <div className="flex flex-wrap items-center gap-2 border-b border-line p-3">
          <SearchField
            label={i18n.t('Order number, e-mail or name')}
            value={q ?? ''}
            onChange={(next) =>
              void navigate({
                search: ({ q: _, pages: __, ...old }) => ({ ...old, ...(next === '' ? {} : { q: next }) }),
                replace: true,
              })
            }
          />
          {day !== undefined && (
            <Link
              to="."
              search={({ day: _, pages: __, view: ___, ...rest }) => rest}
              className="inline-flex h-8 items-center gap-2 rounded-full bg-accent-soft px-3 text-13 font-medium text-accent touch:h-11"
            >
              {view === 'paid'
                ? i18n.t('Paid orders of {day}', { day: dayWords(day, dateLocale) })
                : i18n.t('Orders of {day}', { day: dayWords(day, dateLocale) })}
              <X size={14} aria-label={i18n.t('Remove')} />
            </Link>
          )}
        </div>
        {rows.length === 0 ? (
          <NoOrders isFiltered={isFiltered} shopUrl={site.shopUrl} shop={site.name} />
        ) : (
          <>
            <DataList
              label={i18n.t('Orders')}
              rows={rows}
              rowKey={(row) => row.orderId}
              columns={COLUMNS}
              rowProps={(row) => ({
                'data-row': '',
                className: classNames(
                  'relative transition-colors hover:bg-hover focus-within:bg-hover',
                  arrivals.has(row.orderId) && 'animate-arrive',
                ),
              })}
              card={OrderCard}
              cardProps={(row) => ({
                className: classNames('relative active:bg-hover', arrivals.has(row.orderId) && 'animate-arrive'),
              })}
            />
            <ListEnd
              shown={rows.length}
              counted={orderCount}
              hasMore={hasMore}
              isLoading={isFetchingNextPage}
              onMore={more}
            />
          </>
        )}
      </div>
    </>
  );
}

type Row = Awaited<ReturnType<Api['client']['orders']['list']['query']>>['rows'][number];

const OrderLink = ({ row }: { readonly row: Row }) => (
  <Link
    from="/s/$site/orders/"
    to="/s/$site/orders/$orderId"
    params={{ orderId: row.orderId }}
    data-row-link
    className="font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
  >
    {row.orderNumber}
  </Link>
);

const OrderState = ({ row }: { readonly row: Row }) => {
  const { label, tone, hollow = false } = ORDER_STATUS_WORDS[row.status];
  return (
    <span className="inline-flex items-center gap-2">
      <StatusDot tone={tone} hollow={hollow}>
        {label}
      </StatusDot>
      {row.exceptions > 0 && <Badge tone="danger">{i18n.t('Check payment')}</Badge>}
    </span>
  );
};

const COLUMNS: readonly Column<Row>[] = [
  { key: 'number', header: i18n.t('Order'), cell: (row) => <OrderLink row={row} />, className: 'w-32' },
  { key: 'customer', header: i18n.t('Customer'), cell: (row) => row.customerName, className: 'max-w-56 truncate' },
  { key: 'status', header: i18n.t('Status'), cell: (row) => <OrderState row={row} /> },
  {
    key: 'placed',
    header: i18n.t('Placed'),
    align: 'end',
    cell: (row) => <RelativeTime at={row.createdAt} focusable={false} className="text-ink-soft" />,
    className: 'w-36',
  },
  { key: 'items', header: i18n.t('Items'), align: 'end', from: 'md', cell: (row) => row.itemCount, className: 'w-20' },
  {
    key: 'total',
    header: i18n.t('Total'),
    align: 'end',
    cell: (row) => <Money amount={row.total} className="font-medium" />,
    className: 'w-36',
  },
];

const OrderCard = ({ row }: { readonly row: Row }) => (
  <div className="flex items-start gap-3 px-4 py-3" data-row="">
    <div className="min-w-0 flex-1">
      <p className="flex items-baseline gap-2">
        <OrderLink row={row} />
        <span className="min-w-0 truncate text-ink-soft">{row.customerName}</span>
      </p>
      <p className="mt-1 text-13">
        <OrderState row={row} />
      </p>
    </div>
    <div className="shrink-0 text-end">
      <Money amount={row.total} className="font-medium" />
      <p className="mt-1 text-13 text-ink-soft">
        <RelativeTime at={row.createdAt} focusable={false} />
      </p>
    </div>
  </div>
);

const NoOrders = ({
  isFiltered,
  shop,
  shopUrl,
}: {
  readonly isFiltered: boolean;
  readonly shop: string;
  readonly shopUrl: string;
}) =>
  isFiltered ? (
    <EmptyState
      title={i18n.t('No order fits')}
      action={
        <Link from="/s/$site/orders/" to="." search={{}} className={buttonClass('secondary')}>
          {i18n.t('Show all orders')}
        </Link>
      }
    >
      {i18n.t('Orders are found by their whole number, their whole e-mail address, or a part of the name.')}
    </EmptyState>
  ) : (
    <EmptyState
      title={i18n.t('No orders yet')}
      action={
        <a href={shopUrl} target="_blank" rel="noreferrer" className={buttonClass('secondary')}>
          {i18n.t('View {shop}', { shop })}
        </a>
      }
    >
      {i18n.t('The first one appears here by itself, the moment it is placed.')}
    </EmptyState>
  );
