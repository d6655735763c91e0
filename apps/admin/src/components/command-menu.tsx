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
  ReceiptText,
  Store,
  Sun,
  SunMoon,
  Tag,
} from 'lucide-react';
import { useDeferredValue, useRef, useState } from 'react';
import type { Api } from '../api.ts';
import { type NavigationItem, may } from '../navigation.ts';
import { ORDER_STATUS_WORDS } from '../order-words.ts';
import { setTheme } from '../theme.ts';

type Props = {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly site: {
    readonly name: string;
    readonly handle: string;
    readonly permissions: readonly string[];
    readonly shopUrl: string;
  };
  readonly me: { readonly sites: readonly { readonly name: string; readonly handle: string }[] };
  readonly api: Api;
  readonly items: readonly NavigationItem[];
  readonly onHelp: () => void;
};

/** ⌘K: everything the rail does, and orders and products by number and name. */
export function CommandMenu(props: Props) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <BareDialog open={props.open} onClose={props.onClose} title="Search or go to" initialFocus={input}>
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
  const matching = (group: CommandGroup): CommandGroup => ({
    ...group,
    items: group.items.filter((item) => item.label.toLowerCase().includes(words.toLowerCase())),
  });

  const fixed: CommandGroup[] = [
    {
      value: 'Go to',
      items: [
        ...items.map((item) =>
          command(
            `go-${item.to}`,
            item.label,
            <item.icon size={16} aria-hidden />,
            () => void navigate({ to: item.to, params }),
          ),
        ),
        command('shop', `View ${site.name} as customers do`, <ExternalLink size={16} aria-hidden />, () =>
          window.open(site.shopUrl, '_blank', 'noreferrer'),
        ),
      ],
    },
    {
      value: 'Do',
      items: [
        ...(may(site.permissions, 'MANAGE_PRODUCTS')
          ? [
              command(
                'import',
                'Import products from a file',
                <FileUp size={16} aria-hidden />,
                () => void navigate({ to: '/s/$site/products/import', params }),
              ),
            ]
          : []),
        command(
          'account',
          'Your account',
          <CircleUserRound size={16} aria-hidden />,
          () => void navigate({ to: '/account' }),
        ),
        command('light', 'Light appearance', <Sun size={16} aria-hidden />, () => setTheme('light')),
        command('dark', 'Dark appearance', <Moon size={16} aria-hidden />, () => setTheme('dark')),
        command('system', 'Appearance as the system', <SunMoon size={16} aria-hidden />, () => setTheme('system')),
        command('help', 'Keyboard shortcuts', <Keyboard size={16} aria-hidden />, onHelp),
      ],
    },
    {
      value: 'Switch site',
      items: [
        ...me.sites
          .filter((other) => other.handle !== site.handle)
          .map((other) =>
            command(
              `site-${other.handle}`,
              other.name,
              <Store size={16} aria-hidden />,
              () => void navigate({ to: '/s/$site', params: { site: other.handle } }),
            ),
          ),
        command('sites', 'All sites', <LayoutGrid size={16} aria-hidden />, () => void navigate({ to: '/' })),
      ],
    },
  ];
  const found: CommandGroup[] = asks
    ? [
        {
          value: 'Orders',
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
          value: 'Products',
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
              product.status === 'published' ? 'In the shop' : 'Draft',
            ),
          ),
        },
      ]
    : [];
  const groups = [...found, ...fixed.map((group) => (words === '' ? group : matching(group)))].filter(
    (group) => group.items.length > 0,
  );
  const searching = asks && (orders.isFetching || products.isFetching);
  return (
    <CommandList
      label="Order number, product, or where to go"
      query={query}
      onQueryChange={setQuery}
      groups={groups}
      inputRef={input}
      empty={
        groups.length === 0
          ? searching
            ? 'Searching …'
            : `Nothing fits “${words}”. Orders are found by number, e-mail or name; products by title.`
          : undefined
      }
    />
  );
}
