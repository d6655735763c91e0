import { i18n } from '../../../../words.ts';
import { AWAITING_PAYMENT, type OrderStatus, PAID } from '@souk/domain/commerce';
import { isDay } from '../../../../components/site-day.ts';

/** Saved views over the orders, in the order of their tabs. */
export const ORDER_VIEWS = [
  { view: 'all', label: i18n.t('All'), statuses: [] },
  { view: 'to-fulfil', label: i18n.t('To fulfil'), statuses: ['confirmed', 'processing'] },
  { view: 'unpaid', label: i18n.t('Unpaid'), statuses: AWAITING_PAYMENT },
  { view: 'to-check', label: i18n.t('Payments to check'), statuses: [] },
  { view: 'on-hold', label: i18n.t('On hold'), statuses: ['on_hold'] },
  { view: 'done', label: i18n.t('Done'), statuses: ['completed'] },
  { view: 'cancelled', label: i18n.t('Cancelled'), statuses: ['cancelled', 'expired'] },
] as const satisfies readonly {
  readonly view: string;
  readonly label: string;
  readonly statuses: readonly OrderStatus[];
}[];

/** The tabs, and `paid`: what the dashboard counts as sold. */
export type OrderView = (typeof ORDER_VIEWS)[number]['view'] | 'paid';

/** The whole state of the orders list, as its address holds it. What is at its default is left out. */
export type OrdersSearch = {
  readonly view?: Exclude<OrderView, 'all'>;
  readonly q?: string;
  readonly day?: string;
  readonly pages?: number;
};

const isView = (value: unknown): value is Exclude<OrderView, 'all'> =>
  value === 'paid' || ORDER_VIEWS.some(({ view }) => view === value && view !== 'all');

/** Reads an address that anybody may have typed: what it does not understand it leaves out. */
export function parseOrdersSearch(raw: Readonly<Record<string, unknown>>): OrdersSearch {
  const { view, day } = raw;
  // An order number of digits alone arrives as a number.
  const q = typeof raw['q'] === 'string' || typeof raw['q'] === 'number' ? String(raw['q']).trim().slice(0, 200) : '';
  const pages = Number(raw['pages']);
  return {
    ...(isView(view) ? { view } : {}),
    ...(q === '' ? {} : { q }),
    ...(isDay(day) ? { day } : {}),
    ...(Number.isInteger(pages) && pages > 1 && pages <= 20 ? { pages } : {}),
  };
}

/** The states a view shows; none means all. */
export const statusesOf = (view: OrderView | undefined): readonly OrderStatus[] =>
  view === 'paid' ? PAID : (ORDER_VIEWS.find((v) => v.view === view)?.statuses ?? []);
