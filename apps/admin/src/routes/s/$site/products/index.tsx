import { i18n } from '../../../../words.ts';
import {
  Button,
  Checkbox,
  DataList,
  Dialog,
  EmptyState,
  Notice,
  PageHeader,
  TabCount,
  buttonClass,
  classNames,
  tabClass,
} from '@souk/ui/admin';
import { useSuspenseInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link, createFileRoute } from '@tanstack/react-router';
import { FileUp, PackageOpen } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import type { Api } from '../../../../api.ts';
import { countWords } from '../../../../components/count-words.ts';
import { keysetPages } from '../../../../components/keyset-pages.ts';
import { ListEnd, ListSkeleton } from '../../../../components/list-parts.tsx';
import { usePublishing } from '../../../../components/publishing.ts';
import { SearchField } from '../../../../components/search-field.tsx';
import { may } from '../../../../navigation.ts';
import { productCount } from '../../../../product-words.ts';
import { isToldElsewhere, wordsOf } from '../../../../refusal.ts';
import { CHOOSE_COLUMN, PRODUCT_COLUMNS, ProductCard, ProductListContext, type ProductRow } from './-product-rows.tsx';
import { PRODUCT_VIEWS, type ProductsSearch, parseProductsSearch } from './-products-search.ts';

/** As many as one call may publish. */
const MAX_CHOSEN = 500;

function pagesOf(api: Api, { status, q }: Omit<ProductsSearch, 'pages'>) {
  const input = { limit: 50, ...(status === undefined ? {} : { status }), ...(q === undefined ? {} : { q }) };
  return keysetPages(api.products.list.queryKey(input), undefined, (after, signal) =>
    api.client.products.list.query({ ...input, ...after }, { signal }),
  );
}

export const Route = createFileRoute('/s/$site/products/')({
  validateSearch: parseProductsSearch,
  loaderDeps: ({ search: { status, q } }): Omit<ProductsSearch, 'pages'> => ({
    ...(status && { status }),
    ...(q && { q }),
  }),
  loader: async ({ context, deps, location }) => {
    const { pages = 1 } = parseProductsSearch(location.search);
    await Promise.all([
      context.queryClient.ensureInfiniteQueryData({ ...pagesOf(context.api, deps), pages }),
      context.queryClient.ensureQueryData(context.api.products.counts.queryOptions({ q: deps.q })),
    ]);
  },
  head: ({ match }) => ({ meta: [{ title: `${i18n.t('Products')} · ${match.context.site?.name ?? ''}` }] }),
  pendingComponent: () => <ListSkeleton label={i18n.t('Products are being loaded')} />,
  component: Products,
});

function Products() {
  const { api, site } = Route.useRouteContext();
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useSuspenseInfiniteQuery(pagesOf(api, search));
  const rows = useMemo(() => data.pages.flatMap((page) => page.rows), [data]);
  const mayManage = may(site.permissions, 'MANAGE_PRODUCTS');
  const { status, q } = search;
  const { data: counts } = useSuspenseQuery(api.products.counts.queryOptions({ q }));

  const [chosenIds, setChosenIds] = useState<ReadonlySet<string>>(new Set());
  const lastChosen = useRef<string | undefined>(undefined);
  const chosen = rows.filter((row) => chosenIds.has(row.productId));
  const choose = (row: ProductRow, on: boolean, upTo: boolean): void => {
    const ids = rows.map((r) => r.productId);
    const from = upTo && lastChosen.current !== undefined ? ids.indexOf(lastChosen.current) : -1;
    const to = ids.indexOf(row.productId);
    const span = from < 0 ? [row.productId] : ids.slice(Math.min(from, to), Math.max(from, to) + 1);
    lastChosen.current = row.productId;
    setChosenIds((old) => {
      const next = new Set(old);
      for (const id of span) {
        if (on) next.add(id);
        else next.delete(id);
      }
      return next;
    });
  };

  const [isAsking, setAsking] = useState(false);
  const publishing = usePublishing(api, () => {
    setChosenIds(new Set());
    setAsking(false);
  });

  const allChosen = chosen.length > 0 && chosen.length === rows.length;
  const withLive = chosen.filter((row) => row.publishedVersion !== undefined);

  return (
    <>
      <PageHeader
        title={i18n.t('Products')}
        actions={
          mayManage && (
            <Link from={Route.fullPath} to="/s/$site/products/import" className={buttonClass('primary')}>
              <FileUp size={16} aria-hidden /> {i18n.t('Import products')}
            </Link>
          )
        }
      />
      {publishing.error && !isToldElsewhere(publishing.error) && (
        <div className="mb-4">
          <Notice tone="danger" title={i18n.t('Nothing was changed')}>
            {wordsOf(publishing.error)}
          </Notice>
        </div>
      )}
      <div className="rounded-card bg-surface shadow-card ring-1 ring-line">
        <nav aria-label={i18n.t('Views')} className="flex gap-1 overflow-x-auto border-b border-line px-2 pt-1.5 pb-px">
          {PRODUCT_VIEWS.filter((view) => view.status !== 'archived' || counts.archived > 0).map((view) => {
            const active = view.status === status;
            return (
              <Link
                key={view.label}
                to="."
                search={{
                  ...(view.status === undefined ? {} : { status: view.status }),
                  ...(q === undefined ? {} : { q }),
                }}
                aria-current={active ? 'page' : undefined}
                className={tabClass(active)}
              >
                {view.label}{' '}
                <TabCount>
                  {countWords(
                    view.status === undefined ? counts.draft + counts.published + counts.archived : counts[view.status],
                  )}
                </TabCount>
              </Link>
            );
          })}
        </nav>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line p-3">
          <SearchField
            label={i18n.t('Search products')}
            value={q ?? ''}
            onChange={(next) =>
              void navigate({
                search: { ...(status === undefined ? {} : { status }), ...(next === '' ? {} : { q: next }) },
                replace: true,
              })
            }
          />
          {mayManage && rows.length > 0 && (
            <Checkbox
              checked={allChosen}
              mixed={chosen.length > 0 && !allChosen}
              onChange={(on) => setChosenIds(new Set(on ? rows.slice(0, MAX_CHOSEN).map((row) => row.productId) : []))}
              label={
                <span className="text-13 text-ink-soft">
                  {chosen.length === 0
                    ? i18n.t('Choose all {rows} shown', { rows: rows.length })
                    : i18n.t('{chosen} chosen', { chosen: chosen.length })}
                </span>
              }
            />
          )}
        </div>
        {rows.length === 0 ? (
          <NoProducts isFiltered={status !== undefined || q !== undefined} mayImport={mayManage} />
        ) : (
          <>
            <ProductListContext value={{ chosenIds, choose, mayChoose: mayManage, lowAt: site.lowStockAt }}>
              <DataList
                label={i18n.t('Products')}
                rows={rows}
                rowKey={(row) => row.productId}
                columns={mayManage ? [CHOOSE_COLUMN, ...PRODUCT_COLUMNS] : PRODUCT_COLUMNS}
                rowProps={(row) => ({
                  'data-row': '',
                  className: classNames(
                    'relative transition-colors',
                    chosenIds.has(row.productId) ? 'bg-accent-soft/70' : 'hover:bg-hover focus-within:bg-hover',
                  ),
                })}
                card={ProductCard}
                cardProps={(row) => ({
                  className: classNames('relative', chosenIds.has(row.productId) && 'bg-accent-soft/60'),
                })}
              />
            </ProductListContext>
            <ListEnd
              shown={rows.length}
              counted={productCount}
              hasMore={hasNextPage}
              isLoading={isFetchingNextPage}
              onMore={() => {
                void fetchNextPage();
                void navigate({
                  search: (old) => ({ ...old, pages: data.pages.length + 1 }),
                  replace: true,
                  resetScroll: false,
                });
              }}
            />
          </>
        )}
      </div>

      {chosen.length > 0 && (
        <div
          role="region"
          aria-label={i18n.t('Chosen products')}
          className="fixed inset-x-3 bottom-[calc(4.25rem+env(safe-area-inset-bottom))] z-20 mx-auto flex w-fit max-w-[calc(100vw-1.5rem)] flex-wrap items-center justify-center gap-2 rounded-dialog bg-raised p-2 shadow-float ring-1 ring-line lg:bottom-6 lg:inset-s-60"
        >
          <span className="px-2 text-14 font-medium" aria-live="polite">
            {i18n.t('{products} chosen', { products: productCount(chosen.length) })}
          </span>
          <Button
            variant="primary"
            size="small"
            onClick={() => publishing.publish(chosen)}
            busyLabel={publishing.isPublishing && i18n.t('Publishing …')}
          >
            {i18n.t('Publish {products}', { products: productCount(chosen.length) })}
          </Button>
          <Button size="small" disabled={withLive.length === 0} onClick={() => setAsking(true)}>
            {i18n.t('Take off the shop')}
          </Button>
          <Button size="small" variant="quiet" onClick={() => setChosenIds(new Set())}>
            {i18n.t('Clear')}
          </Button>
        </div>
      )}
      <Dialog
        open={isAsking}
        onClose={() => setAsking(false)}
        title={i18n.t('Take {products} off the shop?', { products: productCount(withLive.length) })}
        description={i18n.t(
          'Customers no longer find them, and what lies in carts can no longer be bought. Orders already placed stay as they are. You can publish them again at any time.',
        )}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{i18n.t('Keep them in the shop')}</Button>
            <Button
              variant="danger"
              onClick={() => publishing.unpublish(chosen)}
              busyLabel={publishing.isUnpublishing && i18n.t('Taking off …')}
            >
              {i18n.t('Take off {products}', { products: productCount(withLive.length) })}
            </Button>
          </>
        }
      />
    </>
  );
}

const NoProducts = ({ isFiltered, mayImport }: { readonly isFiltered: boolean; readonly mayImport: boolean }) =>
  isFiltered ? (
    <EmptyState
      title={i18n.t('No product fits')}
      action={
        <Link from={Route.fullPath} to="." search={{}} className={buttonClass('secondary')}>
          {i18n.t('Show all products')}
        </Link>
      }
    >
      {i18n.t('Try fewer words, or look in another view.')}
    </EmptyState>
  ) : (
    <EmptyState
      icon={<PackageOpen size={20} aria-hidden />}
      title={i18n.t('No products yet')}
      action={
        mayImport && (
          <Link from={Route.fullPath} to="/s/$site/products/import" className={buttonClass('primary')}>
            {i18n.t('Import products')}
          </Link>
        )
      }
    >
      {i18n.t('Bring them from the shop you have: export your products there as a CSV file and import it here.')}
    </EmptyState>
  );
