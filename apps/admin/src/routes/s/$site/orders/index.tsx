import { Badge, Button, type Column, DataList, EmptyState, Money, PageHeader, RelativeTime, StatusDot, TabCount, classNames, placeOf, tabClass, useReader } from '@souk/ui/admin';
import { useSuspenseInfiniteQuery } from '@tanstack/react-query';
import { Link, createFileRoute } from '@tanstack/react-router';
import { X } from 'lucide-react';
import type { Api } from '../../../../api.ts';
import { ListEnd, ListSkeleton } from '../../../../components/list-parts.tsx';
import { SearchField } from '../../../../components/search-field.tsx';
import { dayWords, firstIdAt, nextDay, startOfDay } from '../../../../components/site-day.ts';
import { useArrivals } from '../../../../live.ts';
import { ORDER_STATUS_WORDS } from '../../../../order-words.ts';
import { ORDER_VIEWS, type OrderView, type OrdersSearch, parseOrdersSearch, statusesOf } from './-orders-search.ts';

const PAGE = 50;

/** The list is read by key, newest first; a day begins where the day after it would. */
const listOptions = (api: Api, { view, q, day }: OrdersSearch, timeZone: string) =>
  api.orders.list.infiniteQueryOptions(
    { limit: PAGE, ...(q === undefined ? {} : { q }), ...(statusesOf(view).length === 0 ? {} : { status: [...statusesOf(view)] }) },
    { getNextPageParam: (page) => page.next, initialCursor: day === undefined ? null : firstIdAt(startOfDay(nextDay(day), timeZone)) },
  );

export const Route = createFileRoute('/s/$site/orders/')({
  validateSearch: parseOrdersSearch,
  loaderDeps: ({ search: { pages: _, ...filter } }) => filter,
  loader: ({ context, deps }) => context.queryClient.ensureInfiniteQueryData(listOptions(context.api, deps, context.site.timeZone)),
  head: ({ match }) => ({ meta: [{ title: `Orders · ${match.context.site?.name ?? ''}` }] }),
  pendingComponent: () => <ListSkeleton label="Orders are being loaded" />,
  component: Orders,
});
