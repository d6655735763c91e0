import { i18n } from '../words.ts';
import { PRODUCT_STATUS_WORDS } from '../product-words.ts';
import { BareDialog, type Command, type CommandGroup, CommandList, formatMoney, useReader } from '@souk/ui/admin';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  CircleUserRound,
  ExternalLink,
  FileUp,
  Keyboard,
  LayoutGrid,
  Moon,
  Plus,
  ReceiptText,
  ServerCog,
  Store,
  Sun,
  SunMoon,
  Tag,
} from 'lucide-react';
import { useDeferredValue, useRef, useState } from 'react';
import { type Api, apiOf } from '../api.ts';
import { type NavigationItem, may } from '../navigation.ts';
import { ORDER_STATUS_WORDS } from '../order-words.ts';
import { setTheme } from '../theme.ts';
import { type OwnSite, recentFirst, recentSites, siteOfOrderNumber, sitesMatching } from './own-sites.ts';

type Props = {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly site: {
    readonly name: string;
    readonly handle: string;
    readonly permissions: readonly string[];
    readonly shopUrl: string;
  };
  readonly me: { readonly isOperator: boolean; readonly sites: readonly OwnSite[] };
  readonly api: Api;
  readonly items: readonly NavigationItem[];
  readonly hasShop: boolean;
  readonly onHelp: () => void;
};

/** ⌘K: everything the rail does, and orders and products by number and name. */
export function CommandMenu(props: Props) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <BareDialog open={props.open} onClose={props.onClose} title={i18n.t('Search or go to')} initialFocus={input}>
      <Commands {...props} input={input} />
    </BareDialog>
  );
}

function Commands({
  onClose,
  site,
  me,
  api,
  items,
  hasShop,
  onHelp,
  input,
}: Props & { readonly input: React.RefObject<HTMLInputElement | null> }) {
  const [query, setQuery] = useState('');
  const words = useDeferredValue(query.trim());
  const navigate = useNavigate();
  const { locale } = useReader();
  const asks = words.length >= 2;
  const orders = useQuery({
    ...api.orders.list.queryOptions({ q: words, limit: 5 }),
    enabled: asks && may(site.permissions, 'VIEW_ORDERS'),
    placeholderData: keepPreviousData,
  });
  const products = useQuery({
    ...api.products.list.queryOptions({ q: words, limit: 5 }),
    enabled: asks && may(site.permissions, 'VIEW_PRODUCTS'),
    placeholderData: keepPreviousData,
  });
  // A number names its site by its letters: one of another site of theirs is looked up there, and nowhere else.
  const numbered = siteOfOrderNumber(me.sites, words);
  const elsewhere = numbered && numbered.handle !== site.handle ? numbered : undefined;
  const ordersElsewhere = useQuery({
    ...apiOf(elsewhere?.handle ?? site.handle).orders.list.queryOptions({ q: words, limit: 1 }),
    enabled: elsewhere !== undefined,
  });
  const [recent] = useState(recentSites);
  const params = { site: site.handle };

  const command = (
    id: string,
    label: string,
    icon: React.ReactNode,
    run: () => void,
    hint?: React.ReactNode,
  ): Command => ({
    id,
    label,
    icon,
    hint,
    run: () => {
      onClose();
      run();
    },
  });
  const fitting = (all: readonly Command[]): readonly Command[] =>
    all.filter((item) => item.label.toLowerCase().includes(words.toLowerCase()));
  const others = me.sites.filter(
    (other) => other.handle !== site.handle && (words !== '' || other.status !== 'archived'),
  );
  // As many as one looks through; the others come with a letter of their name or address.
  const otherSites = recentFirst(sitesMatching(others, words), recent).slice(0, words === '' ? 5 : 20);

  const fixed: CommandGroup[] = [
    {
      value: i18n.t('Go to'),
      items: fitting([
        ...items.map((item) =>
          command(
            `go-${item.to}`,
            item.label,
            <item.icon size={16} aria-hidden />,
            () => void navigate({ to: item.to, params }),
          ),
        ),
        ...(hasShop
          ? [
              command(
                'shop',
                i18n.t('View {siteName} as customers do', { siteName: site.name }),
                <ExternalLink size={16} aria-hidden />,
                () => window.open(site.shopUrl, '_blank', 'noreferrer'),
              ),
            ]
          : []),
      ]),
    },
    {
      value: i18n.t('Do'),
      items: fitting([
        ...(may(site.permissions, 'MANAGE_PRODUCTS')
          ? [
              command(
                'import',
                i18n.t('Import products from a file'),
                <FileUp size={16} aria-hidden />,
                () => void navigate({ to: '/s/$site/products/import', params }),
              ),
            ]
          : []),
        command(
          'account',
          i18n.t('Your account'),
          <CircleUserRound size={16} aria-hidden />,
          () => void navigate({ to: '/account' }),
        ),
        command('light', i18n.t('Light appearance'), <Sun size={16} aria-hidden />, () => setTheme('light')),
        command('dark', i18n.t('Dark appearance'), <Moon size={16} aria-hidden />, () => setTheme('dark')),
        command('system', i18n.t('Appearance as the system'), <SunMoon size={16} aria-hidden />, () =>
          setTheme('system'),
        ),
        command('help', i18n.t('Keyboard shortcuts'), <Keyboard size={16} aria-hidden />, onHelp),
      ]),
    },
    {
      value: i18n.t('Switch site'),
      items: [
        ...otherSites.map((other) =>
          command(
            `site-${other.handle}`,
            other.name,
            <Store size={16} aria-hidden />,
            () => void navigate({ to: '/s/$site', params: { site: other.handle } }),
            other.role,
          ),
        ),
        ...fitting([
          command('sites', i18n.t('All sites'), <LayoutGrid size={16} aria-hidden />, () => void navigate({ to: '/' })),
          ...(me.isOperator
            ? [
                command(
                  'operator',
                  i18n.t('This installation'),
                  <ServerCog size={16} aria-hidden />,
                  () => void navigate({ to: '/operator' }),
                ),
                command(
                  'new-site',
                  i18n.t('New site'),
                  <Plus size={16} aria-hidden />,
                  () => void navigate({ to: '/new-site' }),
                ),
              ]
            : []),
        ]),
      ],
    },
  ];
  const found: CommandGroup[] = asks
    ? [
        ...(elsewhere
          ? [
              {
                value: i18n.t('Orders of {siteName}', { siteName: elsewhere.name }),
                items: (ordersElsewhere.data?.rows ?? []).map((order) =>
                  command(
                    order.orderId,
                    `${order.orderNumber} · ${order.customerName}`,
                    <ReceiptText size={16} aria-hidden />,
                    () =>
                      void navigate({
                        to: '/s/$site/orders/$orderId',
                        params: { site: elsewhere.handle, orderId: order.orderId },
                      }),
                    `${ORDER_STATUS_WORDS[order.status].label} · ${formatMoney(order.total, locale)}`,
                  ),
                ),
              },
            ]
          : []),
        {
          value: i18n.t('Orders'),
          items: (orders.data?.rows ?? []).map((order) =>
            command(
              order.orderId,
              `${order.orderNumber} · ${order.customerName}`,
              <ReceiptText size={16} aria-hidden />,
              () => void navigate({ to: '/s/$site/orders/$orderId', params: { ...params, orderId: order.orderId } }),
              `${ORDER_STATUS_WORDS[order.status].label} · ${formatMoney(order.total, locale)}`,
            ),
          ),
        },
        {
          value: i18n.t('Products'),
          items: (products.data?.rows ?? []).map((product) =>
            command(
              product.productId,
              product.title,
              <Tag size={16} aria-hidden />,
              () =>
                void navigate({
                  to: '/s/$site/products/$productId',
                  params: { ...params, productId: product.productId },
                }),
              PRODUCT_STATUS_WORDS[product.status === 'published' ? 'published' : 'draft'].label,
            ),
          ),
        },
      ]
    : [];
  const groups = [...found, ...fixed].filter((group) => group.items.length > 0);
  const searching = asks && (orders.isFetching || products.isFetching || ordersElsewhere.isFetching);
  return (
    <CommandList
      label={i18n.t('Order number, product, or where to go')}
      query={query}
      onQueryChange={setQuery}
      groups={groups}
      inputRef={input}
      empty={
        groups.length === 0
          ? searching
            ? i18n.t('Searching …')
            : i18n.t('Nothing fits “{words}”. Orders are found by number, e-mail or name; products by title.', {
                words,
              })
          : undefined
      }
    />
  );
}
