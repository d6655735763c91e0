import { formatNumber } from '../../../language.ts';
import { i18n } from '../../../words.ts';
import {
  type Amount,
  Card,
  EmptyState,
  LoadingState,
  Money,
  Notice,
  PageHeader,
  RelativeTime,
  Segments,
  Skeleton,
  StatusDot,
  buttonClass,
  classNames,
  formatMoney,
  formatMoneyShort,
  placeOf,
  useReader,
} from '@souk/ui/admin';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, createFileRoute } from '@tanstack/react-router';
import { ArrowDownRight, ArrowRight, ArrowUpRight, CircleCheck } from 'lucide-react';
import type { Api } from '../../../api.ts';
import { dayWords } from '../../../components/site-day.ts';
import { useArrivals } from '../../../live.ts';
import { may } from '../../../navigation.ts';
import { ORDER_STATUS_WORDS, orderCount } from '../../../order-words.ts';
import { DayChart } from './-day-chart.tsx';
import { FirstSteps } from './-first-steps.tsx';
import { changePercent, changeWords } from './-day-chart-scale.ts';

const SPANS = [7, 30, 90] as const;
type Span = (typeof SPANS)[number];
type Metric = 'revenue' | 'orders';
/** The API looks back this many days at most. */
const MAX_DAYS = 90;

type HomeSearch = { readonly days?: Exclude<Span, 30>; readonly show?: 'orders' };

const spanOptions = (api: Api, days: number) => api.dashboard.get.queryOptions({ days }, { staleTime: 60_000 });
/** With twice the days the first half is the time before; where that is too long, its average stands for it. */
const comparisonDays = (days: Span): number => (days * 2 <= MAX_DAYS ? days * 2 : days);

export const Route = createFileRoute('/s/$site/')({
  validateSearch: (raw: Record<string, unknown>): HomeSearch => {
    const days = SPANS.find((span) => span === Number(raw['days']));
    return {
      ...(days === undefined || days === 30 ? {} : { days }),
      ...(raw['show'] === 'orders' ? { show: 'orders' } : {}),
    };
  },
  loaderDeps: ({ search }): { readonly days: Span } => ({ days: search.days ?? 30 }),
  loader: ({ context: { api, queryClient, site }, deps }) =>
    Promise.all([
      queryClient.ensureQueryData(spanOptions(api, deps.days)),
      queryClient.ensureQueryData(spanOptions(api, comparisonDays(deps.days))),
      may(site.permissions, 'VIEW_ORDERS') && queryClient.ensureQueryData(newestOptions(api)),
      may(site.permissions, 'MANAGE_SITE_SETTINGS') && queryClient.ensureQueryData(firstStepsOptions(api)),
    ]),
  head: ({ match }) => ({ meta: [{ title: match.context.site?.name ?? 'Souk' }] }),
  pendingComponent: HomeSkeleton,
  component: Home,
});

function Home() {
  const { api, site, me } = Route.useRouteContext();
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const { locale, dateLocale } = useReader();
  const span = search.days ?? 30;
  const metric: Metric = search.show ?? 'revenue';
  const { data } = useSuspenseQuery(spanOptions(api, span));
  const { data: longer } = useSuspenseQuery(spanOptions(api, comparisonDays(span)));

  const money = (minorUnits: number): Amount => ({ minorUnits, currency: data.currency });
  const revenue = data.days.reduce((sum, day) => sum + day.revenue.minorUnits, 0);
  const orders = data.days.reduce((sum, day) => sum + day.orders, 0);
  const valueOf = (day: (typeof data.days)[number]): number =>
    metric === 'revenue' ? day.revenue.minorUnits : day.orders;
  const beforeTotal = metric === 'revenue' ? data.before.revenue.minorUnits : data.before.orders;
  const hasDaysBefore = longer.days.length === data.days.length * 2;
  const comparison = hasDaysBefore
    ? longer.days.slice(0, data.days.length).map(valueOf)
    : data.days.map(() => beforeTotal / data.days.length);
  const format = (value: number): string =>
    metric === 'revenue' ? formatMoney(money(Math.round(value)), locale) : orderCount(Math.round(value * 10) / 10);
  const formatShort = (value: number): string =>
    metric === 'revenue' ? formatMoneyShort(money(Math.round(value)), locale) : String(value);

  const setSearch = (change: { readonly days?: Span; readonly metric?: Metric }): void => {
    const days = change.days ?? span;
    const show = change.metric ?? metric;
    void navigate({
      search: { ...(days === 30 ? {} : { days }), ...(show === 'orders' ? { show } : {}) },
      replace: true,
      resetScroll: false,
    });
  };

  return (
    <>
      <PageHeader
        title={greeting(site.timeZone, me.name.split(' ')[0] ?? me.name)}
        actions={
          <Segments
            label={i18n.t('Days shown')}
            value={String(span)}
            onChange={(value) => setSearch({ days: SPANS.find((s) => String(s) === value) ?? 30 })}
            options={SPANS.map((s) => ({
              value: String(s),
              label: i18n.t('{n, plural, one {# day} other {# days}}', { n: s }),
            }))}
          />
        }
      >
        {i18n.t('{siteName}, days as in {place}', { siteName: site.name, place: placeOf(site.timeZone) })}
      </PageHeader>

      {may(site.permissions, 'MANAGE_SITE_SETTINGS') && <FirstStepsOfSite />}
      <Waiting />

      <div className="mt-4 grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem] lg:items-start">
        <div className="flex min-w-0 flex-col gap-4">
          <Card flush>
            <div
              className="grid grid-cols-2 border-b border-line"
              role="radiogroup"
              aria-label={i18n.t('Shown in the chart')}
            >
              <Figure
                label={i18n.t('Revenue')}
                value={formatMoney(money(revenue), locale)}
                change={changePercent(revenue, data.before.revenue.minorUnits)}
                span={span}
                isShown={metric === 'revenue'}
                onShow={() => setSearch({ metric: 'revenue' })}
              />
              <Figure
                label={i18n.t('Orders')}
                value={formatNumber(orders)}
                change={changePercent(orders, data.before.orders)}
                span={span}
                isShown={metric === 'orders'}
                onShow={() => setSearch({ metric: 'orders' })}
              />
            </div>
            {orders === 0 && beforeTotal === 0 ? (
              <EmptyState
                title={i18n.t('No paid orders in this time')}
                action={
                  <a href={site.shopUrl} target="_blank" rel="noreferrer" className={buttonClass('secondary')}>
                    {i18n.t('View the shop')}
                  </a>
                }
              >
                {i18n.t('The first one appears here by itself.')}
              </EmptyState>
            ) : (
              <div className="px-3 pt-4 pb-3 sm:px-4">
                <DayChart
                  title={metric === 'revenue' ? i18n.t('Revenue per day') : i18n.t('Orders per day')}
                  days={data.days.map((day) => ({ day: day.day, value: valueOf(day) }))}
                  comparison={comparison}
                  comparisonLabel={
                    hasDaysBefore
                      ? i18n.t('{span} days before', { span })
                      : i18n.t('Average of the {span} days before', { span })
                  }
                  format={format}
                  formatShort={formatShort}
                  smallestTop={metric === 'revenue' ? 1000 : 4}
                />
                <Legend span={span} isAverage={!hasDaysBefore} />
                <Table
                  days={data.days}
                  comparison={comparison}
                  format={format}
                  metric={metric}
                  dateLocale={dateLocale}
                />
              </div>
            )}
          </Card>
          {may(site.permissions, 'VIEW_ORDERS') && <NewestOrders />}
        </div>
        <BestSellers sellers={data.bestSellers} span={span} mayOpen={may(site.permissions, 'VIEW_PRODUCTS')} />
      </div>
    </>
  );
}

function greeting(timeZone: string, name: string): string {
  const hour = Number(
    new Intl.DateTimeFormat('en', { timeZone, hour: 'numeric', hourCycle: 'h23' }).format(new Date()),
  );
  return hour < 5
    ? i18n.t('Good night, {name}', { name })
    : hour < 12
      ? i18n.t('Good morning, {name}', { name })
      : hour < 18
        ? i18n.t('Good afternoon, {name}', { name })
        : i18n.t('Good evening, {name}', { name });
}

function Figure({
  label,
  value,
  change,
  span,
  isShown,
  onShow,
}: {
  readonly label: string;
  readonly value: string;
  readonly change: number | undefined;
  readonly span: number;
  readonly isShown: boolean;
  readonly onShow: () => void;
}) {
  return (
    <button
      type="button"
      role="radio"
      aria-checked={isShown}
      onClick={onShow}
      className={classNames(
        'relative px-4 py-3.5 text-start transition-colors first:rounded-ss-card first:border-e first:border-line last:rounded-se-card hover:bg-hover',
        isShown && 'after:absolute after:inset-x-4 after:-bottom-px after:h-0.5 after:rounded-full after:bg-accent',
      )}
    >
      <span className="block text-13 text-ink-soft">{label}</span>
      <span className="tabular block text-20 font-semibold tracking-tight sm:text-28">{value}</span>
      <span className="mt-0.5 flex items-center gap-1 text-13">
        {change === undefined ? (
          <span className="text-ink-soft">{i18n.t('nothing to compare with')}</span>
        ) : (
          <>
            <span
              className={classNames(
                'inline-flex items-center gap-0.5 font-medium',
                change > 0 ? 'text-success' : change < 0 ? 'text-danger' : 'text-ink-soft',
              )}
            >
              {change > 0 ? (
                <ArrowUpRight size={14} aria-hidden />
              ) : change < 0 ? (
                <ArrowDownRight size={14} aria-hidden />
              ) : (
                <ArrowRight size={14} aria-hidden />
              )}
              {changeWords(change)}
            </span>
            <span className="text-ink-soft max-sm:hidden">{i18n.t('against the {span} days before', { span })}</span>
          </>
        )}
      </span>
    </button>
  );
}

const Legend = ({ span, isAverage }: { readonly span: number; readonly isAverage: boolean }) => (
  <p aria-hidden className="mt-1 flex flex-wrap gap-x-5 gap-y-1 text-12 text-ink-soft">
    <span className="inline-flex items-center gap-2">
      <span className="h-0.5 w-5 rounded-full bg-accent" /> {i18n.t('Last {span} days', { span })}
    </span>
    <span className="inline-flex items-center gap-2">
      <span className="w-5 border-t-2 border-dotted border-ink-faint" />{' '}
      {isAverage
        ? i18n.t('Daily average of the {span} days before', { span })
        : i18n.t('The {span} days before', { span })}
    </span>
  </p>
);

type Day = Awaited<ReturnType<Api['client']['dashboard']['get']['query']>>['days'][number];

/** The same figures to read, and to walk with the keyboard. */
function Table({
  days,
  comparison,
  format,
  metric,
  dateLocale,
}: {
  readonly days: readonly Day[];
  readonly comparison: readonly number[];
  readonly format: (value: number) => string;
  readonly metric: Metric;
  readonly dateLocale: string;
}) {
  return (
    <details className="group mt-3 border-t border-line pt-2 text-13">
      <summary className="w-fit cursor-pointer rounded-control py-1 text-ink-soft hover:text-ink touch:py-3">
        {i18n.t('Show as a table')}
      </summary>
      <div className="mt-2 max-h-80 overflow-y-auto" tabIndex={0} role="region" aria-label={i18n.t('Figures per day')}>
        <table className="w-full">
          <thead className="sticky top-0 bg-surface text-start text-12 text-ink-soft">
            <tr>
              <th scope="col" className="py-1.5 font-medium">
                {i18n.t('Day')}
              </th>
              <th scope="col" className="py-1.5 text-end font-medium">
                {metric === 'revenue' ? i18n.t('Revenue') : i18n.t('Orders')}
              </th>
              <th scope="col" className="py-1.5 text-end font-medium">
                {i18n.t('Before')}
              </th>
            </tr>
          </thead>
          <tbody>
            {days
              .map((day, i) => ({ day, before: comparison[i] ?? 0 }))
              .toReversed()
              .map(({ day, before }) => (
                <tr key={day.day}>
                  <td className="border-t border-line py-1.5">
                    <Link
                      from={Route.fullPath}
                      to="/s/$site/orders"
                      search={{ view: 'paid', day: day.day }}
                      className="hover:underline"
                    >
                      {dayWords(day.day, dateLocale)}
                    </Link>
                  </td>
                  <td className="tabular border-t border-line py-1.5 text-end">
                    {format(metric === 'revenue' ? day.revenue.minorUnits : day.orders)}
                  </td>
                  <td className="tabular border-t border-line py-1.5 text-end text-ink-soft">{format(before)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** What waits for a person, each leading to it. */
function Waiting() {
  const { api, site } = Route.useRouteContext();
  const search = Route.useSearch();
  const { data } = useSuspenseQuery(spanOptions(api, search.days ?? 30));
  const { toFulfil, unpaid, exceptions, lowStock, drafts } = data.waiting;
  const seesOrders = may(site.permissions, 'VIEW_ORDERS');
  const seesProducts = may(site.permissions, 'VIEW_PRODUCTS');
  const cards = [
    {
      label: i18n.t('To fulfil'),
      n: toFulfil,
      to: '/s/$site/orders',
      search: { view: 'to-fulfil' },
      isOpen: seesOrders,
      urgent: false,
    },
    {
      label: i18n.t('Unpaid'),
      n: unpaid,
      to: '/s/$site/orders',
      search: { view: 'unpaid' },
      isOpen: seesOrders,
      urgent: false,
    },
    {
      label: i18n.t('Payments to check'),
      n: exceptions,
      to: '/s/$site/orders',
      search: { view: 'to-check' },
      isOpen: seesOrders,
      urgent: exceptions > 0,
    },
    {
      label: i18n.t('Low or no stock'),
      n: lowStock,
      to: '/s/$site/products',
      search: { status: 'published' },
      isOpen: seesProducts,
      urgent: false,
    },
    {
      label: i18n.t('Drafts'),
      n: drafts,
      to: '/s/$site/products',
      search: { status: 'draft' },
      isOpen: seesProducts,
      urgent: false,
    },
  ] as const;
  return (
    <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-5" aria-label={i18n.t('What waits for you')}>
      {cards.map((card) => {
        const content = (
          <>
            <span className="block text-13 text-ink-soft">{card.label}</span>
            <span
              className={classNames(
                'tabular flex items-center gap-2 text-20 font-semibold',
                card.urgent && 'text-danger',
                card.n === 0 && 'text-ink-faint',
              )}
            >
              {card.n === 0 ? (
                <>
                  <CircleCheck size={17} aria-hidden className="text-success-dot" />
                  <span className="text-14 leading-7 font-normal">{i18n.t('None')}</span>
                </>
              ) : (
                formatNumber(card.n)
              )}
            </span>
          </>
        );
        const box = 'block rounded-card bg-surface px-4 py-3 shadow-card ring-1 ring-line';
        return (
          <li key={card.label} className="last:odd:max-sm:col-span-2">
            {card.isOpen ? (
              <Link
                from={Route.fullPath}
                to={card.to}
                search={card.search}
                className={classNames(
                  box,
                  'transition-[box-shadow,background-color] hover:bg-hover hover:ring-line-control/60',
                )}
              >
                {content}
              </Link>
            ) : (
              <div className={box}>{content}</div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

const firstStepsOptions = (api: Api) => api.dashboard.firstSteps.queryOptions(undefined, { staleTime: 10_000 });

function FirstStepsOfSite() {
  const { api, site } = Route.useRouteContext();
  const { data } = useSuspenseQuery(firstStepsOptions(api));
  return (
    <>
      {data.domainInGrace !== undefined && (
        <div className="mb-4">
          <Notice
            tone="warning"
            title={i18n.t('The record of {domainInGrace} has vanished', { domainInGrace: data.domainInGrace })}
            action={
              <Link to="/s/$site/domains" params={{ site: site.handle }} className={buttonClass('secondary', 'small')}>
                {i18n.t('Look at it')}
              </Link>
            }
          >
            {i18n.t('The shop is served there for three days; set the record again within them.')}
          </Notice>
        </div>
      )}
      <FirstSteps facts={data} handle={site.handle} shopUrl={site.shopUrl} />
    </>
  );
}

const newestOptions = (api: Api) => api.orders.list.queryOptions({ limit: 6 });

/** The last orders that came in; a new one slides in by itself. */
function NewestOrders() {
  const { api } = Route.useRouteContext();
  const arrivals = useArrivals();
  const { data } = useSuspenseQuery(newestOptions(api));
  if (data.rows.length === 0) return null;
  return (
    <Card
      title={i18n.t('Newest orders')}
      aside={
        <Link from={Route.fullPath} to="/s/$site/orders" className="hover:text-ink hover:underline">
          {i18n.t('All orders')}
        </Link>
      }
      flush
    >
      <ul className="divide-y divide-line border-t border-line">
        {data.rows.map((row) => {
          const status = ORDER_STATUS_WORDS[row.status];
          return (
            <li
              key={row.orderId}
              data-row=""
              className={classNames(
                'relative flex min-h-10 items-center gap-x-4 px-4 py-1.5 text-14 transition-colors hover:bg-hover',
                arrivals.has(row.orderId) && 'animate-arrive',
              )}
            >
              <Link
                from={Route.fullPath}
                to="/s/$site/orders/$orderId"
                params={{ orderId: row.orderId }}
                data-row-link
                className="w-24 shrink-0 font-medium after:absolute after:inset-0"
              >
                {row.orderNumber}
              </Link>
              <span className="min-w-0 flex-1 truncate">{row.customerName}</span>
              <span className="w-44 max-sm:hidden">
                <StatusDot tone={status.tone} hollow={status.hollow ?? false}>
                  {status.label}
                </StatusDot>
              </span>
              <RelativeTime
                at={row.createdAt}
                focusable={false}
                className="w-28 text-end text-ink-soft max-md:hidden"
              />
              <Money amount={row.total} className="w-24 text-end font-medium" />
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function BestSellers({
  sellers,
  span,
  mayOpen,
}: {
  readonly sellers: readonly {
    readonly productId: string;
    readonly title: string;
    readonly pieces: number;
    readonly revenue: Amount;
  }[];
  readonly span: number;
  readonly mayOpen: boolean;
}) {
  const most = Math.max(1, ...sellers.map((seller) => seller.pieces));
  return (
    <Card title={i18n.t('Best sellers')} aside={i18n.t('{n, plural, one {# day} other {# days}}', { n: span })}>
      {sellers.length === 0 ? (
        <p className="text-14 text-ink-soft">{i18n.t('Nothing was sold in this time.')}</p>
      ) : (
        <ol className="flex flex-col gap-3.5">
          {sellers.map((seller) => (
            <li key={seller.productId}>
              <div className="flex items-baseline justify-between gap-3 text-14">
                {mayOpen ? (
                  <Link
                    from={Route.fullPath}
                    to="/s/$site/products/$productId"
                    params={{ productId: seller.productId }}
                    className="min-w-0 truncate font-medium hover:underline"
                  >
                    {seller.title}
                  </Link>
                ) : (
                  <span className="min-w-0 truncate font-medium">{seller.title}</span>
                )}
                <Money amount={seller.revenue} className="shrink-0" />
              </div>
              <div className="mt-1 flex items-center gap-3">
                <span aria-hidden className="h-1 flex-1 overflow-hidden rounded-full bg-pressed">
                  <span
                    className="block h-full rounded-full bg-accent"
                    style={{ width: `${(seller.pieces / most) * 100}%` }}
                  />
                </span>
                <span className="tabular text-12 text-ink-soft">
                  {i18n.t('{pieces} sold', { pieces: seller.pieces })}
                </span>
              </div>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

function HomeSkeleton() {
  return (
    <LoadingState label={i18n.t('The dashboard is being loaded')}>
      <Skeleton className="mb-5 h-7 w-64" />
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-5">
        {Array.from({ length: 5 }, (_, i) => (
          <Skeleton key={i} className="h-18 rounded-card" />
        ))}
      </div>
      <div className="mt-4 grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <Skeleton className="h-96 rounded-card" />
        <Skeleton className="h-64 rounded-card" />
      </div>
    </LoadingState>
  );
}
