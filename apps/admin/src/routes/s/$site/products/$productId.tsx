import { formatNumber } from '../../../../language.ts';
import { Trans } from '@lingui/react';
import { i18n } from '../../../../words.ts';
import {
  Badge,
  Button,
  Card,
  type Column,
  DataList,
  Dialog,
  Fact,
  Facts,
  LoadingState,
  Menu,
  MenuItem,
  Money,
  Notice,
  PageHeader,
  RelativeTime,
  Skeleton,
  StatusDot,
  buttonClass,
} from '@souk/ui/admin';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, createFileRoute } from '@tanstack/react-router';
import {
  ArrowLeft,
  EyeOff,
  ExternalLink,
  History as HistoryIcon,
  ImageOff,
  Loader,
  MoreHorizontal,
  Upload,
} from 'lucide-react';
import { useState } from 'react';
import type { Api } from '../../../../api.ts';
import { pictureUrl } from '../../../../components/product-picture.tsx';
import { usePublishing } from '../../../../components/publishing.ts';
import { may } from '../../../../navigation.ts';
import { PRODUCT_STATUS_WORDS } from '../../../../product-words.ts';
import { isToldElsewhere, wordsOf } from '../../../../refusal.ts';

export const Route = createFileRoute('/s/$site/products/$productId')({
  loader: ({ context, params }) =>
    context.queryClient.ensureQueryData(context.api.products.get.queryOptions({ productId: params.productId })),
  head: ({ match, loaderData }) => ({
    meta: [{ title: `${loaderData?.title ?? i18n.t('Product')} · ${match.context.site?.name ?? ''}` }],
  }),
  pendingComponent: ProductSkeleton,
  component: ProductPage,
});

type Product = Awaited<ReturnType<Api['client']['products']['get']['query']>>;

function ProductPage() {
  const { api, site } = Route.useRouteContext();
  const { productId } = Route.useParams();
  const { data: product } = useSuspenseQuery(api.products.get.queryOptions({ productId }));
  const [isAsking, setAsking] = useState(false);
  const publishing = usePublishing(api, () => setAsking(false));
  const newest = Math.max(...product.versions.map((v) => v.versionNumber));
  const live = product.versions.find((v) => v.isPublished)?.versionNumber;
  const self = [{ productId, newestVersion: newest, publishedVersion: live }];
  const status = PRODUCT_STATUS_WORDS[product.status];
  const mayManage = may(site.permissions, 'MANAGE_PRODUCTS');
  const shopPage =
    live === undefined ? undefined : new URL(`/products/${encodeURIComponent(product.slug)}`, site.shopUrl).href;

  return (
    <>
      <Link
        from={Route.fullPath}
        to="/s/$site/products"
        className="mb-2 inline-flex h-8 items-center gap-1.5 text-13 text-ink-soft hover:text-ink touch:h-11"
      >
        <ArrowLeft size={14} aria-hidden /> {i18n.t('Products')}
      </Link>
      <PageHeader
        title={product.title}
        status={
          <span className="text-14">
            <StatusDot tone={status.tone} hollow={status.hollow ?? false}>
              {status.label}
            </StatusDot>
          </span>
        }
        actions={
          <>
            {may(site.permissions, 'VIEW_ACTIVITY') && (
              <Link
                to="/s/$site/activity"
                params={{ site: site.handle }}
                search={{ kind: 'product', thing: product.productId }}
                className={buttonClass('quiet')}
              >
                <HistoryIcon size={15} aria-hidden /> {i18n.t('Who changed this?')}
              </Link>
            )}
            {shopPage !== undefined && (
              <a href={shopPage} target="_blank" rel="noreferrer" className={buttonClass('secondary')}>
                <ExternalLink size={15} aria-hidden /> {i18n.t('View in the shop')}
              </a>
            )}
            {mayManage && live !== newest && product.status !== 'archived' && (
              <Button
                variant="primary"
                icon={<Upload size={16} aria-hidden />}
                onClick={() => publishing.publish(self)}
                busyLabel={publishing.isPublishing && i18n.t('Publishing …')}
                className="max-sm:fixed max-sm:inset-x-3 max-sm:bottom-[calc(4.25rem+env(safe-area-inset-bottom))] max-sm:z-10"
              >
                {i18n.t('Publish version {newest}', { newest })}
              </Button>
            )}
            {mayManage && live !== undefined && (
              <Menu
                trigger={
                  <Button icon={<MoreHorizontal size={16} aria-hidden />}>
                    <span className="sr-only">{i18n.t('More actions')}</span>
                  </Button>
                }
              >
                <MenuItem danger icon={<EyeOff size={15} aria-hidden />} onSelect={() => setAsking(true)}>
                  {i18n.t('Take off the shop …')}
                </MenuItem>
              </Menu>
            )}
          </>
        }
      >
        {product.slug}
      </PageHeader>
      {publishing.error && !isToldElsewhere(publishing.error) && (
        <div className="mb-4">
          <Notice tone="danger" title={i18n.t('Nothing was changed')}>
            {wordsOf(publishing.error)}
          </Notice>
        </div>
      )}

      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem] lg:items-start">
        <div className="flex min-w-0 flex-col gap-4">
          <Pictures product={product} handle={site.handle} />
          <Description product={product} />
          <Variants product={product} lowAt={site.lowStockAt} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Versions product={product} />
          <Card title={i18n.t('Organisation')}>
            <Facts>
              {product.vendor !== '' && <Fact name={i18n.t('Vendor')}>{product.vendor}</Fact>}
              {product.productType !== '' && <Fact name={i18n.t('Type')}>{product.productType}</Fact>}
              <Fact name={i18n.t('Address')}>{`/products/${product.slug}`}</Fact>
            </Facts>
            {product.tags.length > 0 && (
              <ul aria-label={i18n.t('Tags')} className="mt-3 flex flex-wrap gap-1.5">
                {product.tags.map((tag) => (
                  <li key={tag}>
                    <Badge>{tag}</Badge>
                  </li>
                ))}
              </ul>
            )}
          </Card>
          {(product.seoTitle !== '' || product.seoDescription !== '') && (
            <Card title={i18n.t('In search engines')}>
              <p className="text-14 font-medium text-accent">{product.seoTitle || product.title}</p>
              <p className="mt-1 text-13 text-ink-soft">{product.seoDescription}</p>
            </Card>
          )}
        </div>
      </div>

      <Dialog
        open={isAsking}
        onClose={() => setAsking(false)}
        title={i18n.t('Take “{title}” off the shop?', { title: product.title })}
        description={i18n.t(
          'Customers no longer find it, and what lies in carts can no longer be bought. Orders already placed stay as they are. You can publish it again at any time.',
        )}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{i18n.t('Keep it in the shop')}</Button>
            <Button
              variant="danger"
              onClick={() => publishing.unpublish(self)}
              busyLabel={publishing.isUnpublishing && i18n.t('Taking off …')}
            >
              {i18n.t('Take off the shop')}
            </Button>
          </>
        }
      />
    </>
  );
}

function Pictures({ product, handle }: { readonly product: Product; readonly handle: string }) {
  const failed = product.media.filter((m) => m.status === 'failed');
  const waiting = product.media.filter((m) => m.status === 'waiting').length;
  return (
    <Card
      title={i18n.t('Pictures')}
      aside={
        waiting > 0
          ? i18n.t('{waiting} still being fetched', { waiting })
          : product.media.length > 0
            ? String(product.media.length)
            : undefined
      }
    >
      {product.media.length === 0 ? (
        <p className="text-14 text-ink-soft">
          {i18n.t('This product has no pictures. It is whole without them; the shop shows a plain tile.')}
        </p>
      ) : (
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(7rem,1fr))] gap-3">
          {product.media.map((m) => (
            <li key={m.mediaId} className="aspect-square overflow-hidden rounded-control bg-sunken ring-1 ring-line">
              {m.status === 'ready' && m.contentHash !== undefined ? (
                <img
                  src={pictureUrl(handle, m.contentHash, 320)}
                  alt={m.alt || i18n.t('Picture of {title}', { title: product.title })}
                  loading="lazy"
                  decoding="async"
                  className="size-full object-cover"
                />
              ) : (
                <span className="flex size-full flex-col items-center justify-center gap-1.5 p-2 text-center text-12 text-ink-soft">
                  {m.status === 'waiting' ? (
                    <Loader size={16} aria-hidden />
                  ) : (
                    <ImageOff size={16} aria-hidden className="text-danger" />
                  )}
                  {m.status === 'waiting' ? i18n.t('Being fetched') : i18n.t('Could not be fetched')}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {failed.length > 0 && (
        <div className="mt-3">
          <Notice
            tone="warning"
            title={i18n.t(
              '{n, plural, one {One picture could not be fetched} other {# pictures could not be fetched}}',
              {
                n: failed.length,
              },
            )}
          >
            <p>{i18n.t('The product itself is whole. Put the pictures online again and import the file once more.')}</p>
            <ul className="mt-1.5 flex flex-col gap-1 text-13">
              {failed.map((m) => (
                <li key={m.mediaId}>
                  {m.failure !== undefined && <span className="text-ink-soft">{m.failure}</span>}{' '}
                  {m.sourceUrl !== undefined && <code className="font-mono text-12 break-all">{m.sourceUrl}</code>}
                </li>
              ))}
            </ul>
          </Notice>
        </div>
      )}
    </Card>
  );
}

function Description({ product }: { readonly product: Product }) {
  return (
    <Card title={i18n.t('Description')}>
      {product.detailedDescription === '' ? (
        <p className="text-14 text-ink-soft">{i18n.t('No description.')}</p>
      ) : (
        // The API keeps only a closed list of elements without attributes that could act; scripts would not run here anyway.
        <div
          className="prose-product max-w-prose text-14"
          dangerouslySetInnerHTML={{ __html: product.detailedDescription }}
        />
      )}
      <Lines title={i18n.t('Included')} text={product.inclusionDetails} />
      <Lines title={i18n.t('Not included')} text={product.exclusionDetails} />
    </Card>
  );
}

/** A short text whose lines are things. */
function Lines({ title, text }: { readonly title: string; readonly text: string }) {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) return null;
  return (
    <div className="mt-3 text-14">
      <h3 className="font-semibold">{title}</h3>
      <ul className="mt-1 list-disc ps-5">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}

type Variant = Product['variants'][number] & { readonly lowAt: number };

const variantName = (variant: Variant): string => variant.options.join(' · ') || i18n.t('Only variant');

function VariantStock({ row: { onHand, reserved, lowAt } }: { readonly row: Variant }) {
  const free = onHand - reserved;
  return (
    <span className={free <= 0 ? 'font-medium text-danger' : free <= lowAt ? 'font-medium text-warning' : ''}>
      {free <= 0 ? i18n.t('Sold out') : formatNumber(free)}
    </span>
  );
}

const VARIANT_COLUMNS: readonly Column<Variant>[] = [
  { key: 'sku', header: 'SKU', from: 'md', cell: (v) => <span className="text-ink-soft">{v.sku || '–'}</span> },
  { key: 'onHand', header: i18n.t('On the shelf'), align: 'end', cell: (v) => formatNumber(v.onHand) },
  {
    key: 'reserved',
    header: i18n.t('Kept for orders'),
    align: 'end',
    from: 'md',
    cell: (v) => formatNumber(v.reserved),
  },
  { key: 'free', header: i18n.t('To sell'), align: 'end', cell: (v) => <VariantStock row={v} /> },
  {
    key: 'price',
    header: i18n.t('Price'),
    align: 'end',
    cell: (v) => (
      <>
        {v.compareAt !== undefined && (
          <s className="me-2 text-ink-faint">
            <Money amount={v.compareAt} />
          </s>
        )}
        <Money amount={v.price} />
      </>
    ),
  },
];

const VariantCard = ({ row }: { readonly row: Variant }) => (
  <div className="flex items-baseline justify-between gap-3 px-4 py-3">
    <div>
      <p className="font-medium">{variantName(row)}</p>
      <p className="text-13 text-ink-soft">
        {row.onHand > row.reserved ? (
          <Trans id="<0/> to sell" components={{ 0: <VariantStock row={row} /> }} />
        ) : (
          <VariantStock row={row} />
        )}
        {row.reserved > 0 && i18n.t(', {n} kept for orders', { n: row.reserved })}
      </p>
    </div>
    <Money amount={row.price} />
  </div>
);

function Variants({ product, lowAt }: { readonly product: Product; readonly lowAt: number }) {
  const name: Column<Variant> = {
    key: 'name',
    header: product.optionNames.join(' · ') || i18n.t('Variant'),
    cell: variantName,
    className: 'font-medium',
  };
  return (
    <Card title={i18n.t('Variants')} aside={String(product.variants.length)} flush>
      <div className="border-t border-line">
        <DataList
          label={i18n.t('Variants')}
          rows={product.variants.map((variant) => ({ ...variant, lowAt }))}
          columns={[name, ...VARIANT_COLUMNS]}
          rowKey={(v) => v.variantId}
          card={VariantCard}
        />
      </div>
    </Card>
  );
}

function Versions({ product }: { readonly product: Product }) {
  const versions = product.versions.toSorted((a, b) => b.versionNumber - a.versionNumber);
  const live = versions.find((v) => v.isPublished)?.versionNumber;
  return (
    <Card title={i18n.t('Versions')}>
      <ol className="flex flex-col">
        {versions.slice(0, 8).map((v, i) => (
          <li key={v.versionId} className="relative flex items-baseline gap-3 pb-3 last:pb-0">
            {i < Math.min(versions.length, 8) - 1 && (
              <span
                aria-hidden
                className="absolute top-5 bottom-0 inset-s-1 w-px -translate-x-1/2 bg-line rtl:translate-x-1/2"
              />
            )}
            <span
              aria-hidden
              className={
                v.isPublished
                  ? 'relative top-px size-2 shrink-0 rounded-full bg-success-dot'
                  : 'relative top-px size-2 shrink-0 rounded-full bg-surface ring-2 ring-neutral-dot ring-inset'
              }
            />
            <span className="flex flex-1 flex-wrap items-baseline justify-between gap-x-3">
              <span className="text-14 font-medium">
                {i18n.t('Version {n}', { n: v.versionNumber })}{' '}
                {v.isPublished ? (
                  <Badge tone="success">{i18n.t('Live')}</Badge>
                ) : v.versionNumber > (live ?? 0) ? (
                  <Badge>{i18n.t('Draft')}</Badge>
                ) : (
                  <Badge>{i18n.t('Earlier')}</Badge>
                )}
              </span>
              <RelativeTime at={v.createdAt} className="text-13 text-ink-soft" />
            </span>
          </li>
        ))}
      </ol>
      {versions.length > 8 && (
        <p className="mt-3 text-13 text-ink-soft">
          {i18n.t('{n, plural, one {and one earlier one} other {and # earlier ones}}', { n: versions.length - 8 })}
        </p>
      )}
    </Card>
  );
}

function ProductSkeleton() {
  return (
    <LoadingState label={i18n.t('The product is being loaded')}>
      <Skeleton className="mb-4 h-4 w-20" />
      <Skeleton className="mb-6 h-7 w-72" />
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex flex-col gap-4">
          <Skeleton className="h-44 rounded-card" />
          <Skeleton className="h-48 rounded-card" />
        </div>
        <Skeleton className="h-48 rounded-card" />
      </div>
    </LoadingState>
  );
}
