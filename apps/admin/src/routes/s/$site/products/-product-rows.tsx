import { formatNumber } from '../../../../language.ts';
import { i18n } from '../../../../words.ts';
import { Checkbox, type Column, RelativeTime, StatusDot, formatMoneyRange, useReader } from '@souk/ui/admin';
import { Link } from '@tanstack/react-router';
import { createContext, use, useRef } from 'react';
import type { Api } from '../../../../api.ts';
import { ProductPicture } from '../../../../components/product-picture.tsx';
import { PRODUCT_STATUS_WORDS, versionWords } from '../../../../product-words.ts';

export type ProductRow = Awaited<ReturnType<Api['client']['products']['list']['query']>>['rows'][number];

type ProductList = {
  readonly chosenIds: ReadonlySet<string>;
  readonly choose: (row: ProductRow, on: boolean, upTo: boolean) => void;
  readonly mayChoose: boolean;
  /** Pieces from which on little is left. */
  readonly lowAt: number;
};

/** What every row of the list shares. */
export const ProductListContext = createContext<ProductList>({
  chosenIds: new Set(),
  choose: () => undefined,
  mayChoose: false,
  lowAt: 0,
});

function ChooseBox({ row }: { readonly row: ProductRow }) {
  const { chosenIds, choose } = use(ProductListContext);
  const withShift = useRef(false);
  return (
    <span className="relative z-1 flex" onClickCapture={(event) => (withShift.current = event.shiftKey)}>
      <Checkbox
        checked={chosenIds.has(row.productId)}
        onChange={(on) => choose(row, on, withShift.current)}
        label={i18n.t('Choose {title}', { title: row.title })}
        labelHidden
      />
    </span>
  );
}

const ProductLink = ({ row }: { readonly row: ProductRow }) => (
  <Link
    from="/s/$site/products/"
    to="/s/$site/products/$productId"
    params={{ productId: row.productId }}
    data-row-link
    className="block min-w-0 truncate font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
  >
    {row.title}
  </Link>
);

const ProductState = ({ row }: { readonly row: ProductRow }) => {
  const { label, tone, hollow = false } = PRODUCT_STATUS_WORDS[row.status];
  return (
    <StatusDot tone={tone} hollow={hollow}>
      {label}
    </StatusDot>
  );
};

/** What can still be sold: on the shelf and not kept for an order. Said in words where it is little. */
function Stock({ row, words = false }: { readonly row: ProductRow; readonly words?: boolean }) {
  const { lowAt } = use(ProductListContext);
  const free = row.onHand - row.reserved;
  if (free <= 0) return <span className="font-medium text-danger">{i18n.t('Sold out')}</span>;
  return (
    <span className={free <= lowAt ? 'font-medium text-warning' : words ? 'text-ink-soft' : ''}>
      {words || free <= lowAt ? i18n.t('{n, plural, one {# left} other {# left}}', { n: free }) : formatNumber(free)}
    </span>
  );
}

function Price({ row }: { readonly row: ProductRow }) {
  const { locale } = useReader();
  return <span className="whitespace-nowrap">{formatMoneyRange(row.priceFrom, row.priceTo, locale)}</span>;
}

export const CHOOSE_COLUMN: Column<ProductRow> = {
  key: 'choose',
  header: i18n.t('Choose'),
  headerHidden: true,
  cell: (row) => <ChooseBox row={row} />,
  className: 'w-10 pe-0',
};

export const PRODUCT_COLUMNS: readonly Column<ProductRow>[] = [
  {
    key: 'title',
    header: i18n.t('Product'),
    cell: (row) => (
      <span className="flex items-center gap-3">
        <ProductPicture hash={row.imageHash} small />
        <ProductLink row={row} />
      </span>
    ),
    className: 'w-[40%] max-w-0',
  },
  { key: 'status', header: i18n.t('Status'), cell: (row) => <ProductState row={row} /> },
  {
    key: 'versions',
    header: i18n.t('Versions'),
    from: 'lg',
    cell: (row) => <span className="text-ink-soft">{versionWords(row.newestVersion, row.publishedVersion)}</span>,
  },
  { key: 'variants', header: i18n.t('Variants'), align: 'end', from: 'xl', cell: (row) => row.variantCount },
  { key: 'stock', header: i18n.t('To sell'), align: 'end', from: 'md', cell: (row) => <Stock row={row} /> },
  { key: 'price', header: i18n.t('Price'), align: 'end', cell: (row) => <Price row={row} /> },
  {
    key: 'updated',
    header: i18n.t('Changed'),
    align: 'end',
    from: 'xl',
    cell: (row) => <RelativeTime at={row.updatedAt} focusable={false} className="text-ink-soft" />,
  },
];

export function ProductCard({ row }: { readonly row: ProductRow }) {
  const { mayChoose } = use(ProductListContext);
  return (
    <div className="flex items-center gap-3 px-4 py-3" data-row="">
      {mayChoose && (
        <span className="touch:-mx-3">
          <ChooseBox row={row} />
        </span>
      )}
      <ProductPicture hash={row.imageHash} />
      <div className="min-w-0 flex-1">
        <ProductLink row={row} />
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-13">
          <ProductState row={row} />
          <Stock row={row} words />
        </p>
        <p className="text-13 text-ink-soft">
          <Price row={row} />
        </p>
      </div>
    </div>
  );
}
