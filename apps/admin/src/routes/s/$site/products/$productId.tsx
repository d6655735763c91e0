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
    meta: [{ title: `${loaderData?.title ?? 'Product'} · ${match.context.site?.name ?? ''}` }],
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
        <ArrowLeft size={14} aria-hidden /> Products
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
                <HistoryIcon size={15} aria-hidden /> Who changed this?
              </Link>
            )}
            {shopPage !== undefined && (
              <a href={shopPage} target="_blank" rel="noreferrer" className={buttonClass('secondary')}>
                <ExternalLink size={15} aria-hidden /> View in the shop
              </a>
            )}
            {mayManage && live !== newest && product.status !== 'archived' && (
              <Button
                variant="primary"
                icon={<Upload size={16} aria-hidden />}
                onClick={() => publishing.publish(self)}
                busyLabel={publishing.isPublishing && 'Publishing …'}
                className="max-sm:fixed max-sm:inset-x-3 max-sm:bottom-[calc(4.25rem+env(safe-area-inset-bottom))] max-sm:z-10"
              >
                Publish version {newest}
              </Button>
            )}
            {mayManage && live !== undefined && (
              <Menu
                trigger={
                  <Button icon={<MoreHorizontal size={16} aria-hidden />}>
                    <span className="sr-only">More actions</span>
                  </Button>
                }
              >
                <MenuItem danger icon={<EyeOff size={15} aria-hidden />} onSelect={() => setAsking(true)}>
                  Take off the shop …
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
          <Notice tone="danger" title="Nothing was changed">
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
          <Card title="Organisation">
            <Facts>
              {product.vendor !== '' && <Fact name="Vendor">{product.vendor}</Fact>}
              {product.productType !== '' && <Fact name="Type">{product.productType}</Fact>}
              <Fact name="Address">{`/products/${product.slug}`}</Fact>
            </Facts>
            {product.tags.length > 0 && (
              <ul aria-label="Tags" className="mt-3 flex flex-wrap gap-1.5">
                {product.tags.map((tag) => (
                  <li key={tag}>
                    <Badge>{tag}</Badge>
                  </li>
                ))}
              </ul>
            )}
          </Card>
          {(product.seoTitle !== '' || product.seoDescription !== '') && (
            <Card title="In search engines">
              <p className="text-14 font-medium text-accent">{product.seoTitle || product.title}</p>
              <p className="mt-1 text-13 text-ink-soft">{product.seoDescription}</p>
            </Card>
          )}
        </div>
      </div>

      <Dialog
        open={isAsking}
        onClose={() => setAsking(false)}
        title={`Take “${product.title}” off the shop?`}
        description="Customers no longer find it, and what lies in carts can no longer be bought. Orders already placed stay as they are. You can publish it again at any time."
        actions={
          <>
            <Button onClick={() => setAsking(false)}>Keep it in the shop</Button>
            <Button
              variant="danger"
              onClick={() => publishing.unpublish(self)}
              busyLabel={publishing.isUnpublishing && 'Taking off …'}
            >
              Take off the shop
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
      title="Pictures"
      aside={
        waiting > 0
          ? `${waiting} still being fetched`
          : product.media.length > 0
            ? String(product.media.length)
            : undefined
      }
    >
      {product.media.length === 0 ? (
        <p className="text-14 text-ink-soft">
          This product has no pictures. It is whole without them; the shop shows a plain tile.
        </p>
      ) : (
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(7rem,1fr))] gap-3">
          {product.media.map((m) => (
            <li key={m.mediaId} className="aspect-square overflow-hidden rounded-control bg-sunken ring-1 ring-line">
              {m.status === 'ready' && m.contentHash !== undefined ? (
                <img
                  src={pictureUrl(handle, m.contentHash, 320)}
                  alt={m.alt || `Picture of ${product.title}`}
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
                  {m.status === 'waiting' ? 'Being fetched' : 'Could not be fetched'}
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
            title={
              failed.length === 1
                ? 'One picture could not be fetched'
                : `${failed.length} pictures could not be fetched`
            }
          >
            <p>The product itself is whole. Put the pictures online again and import the file once more.</p>
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
    <Card title="Description">
      {product.detailedDescription === '' ? (
        <p className="text-14 text-ink-soft">No description.</p>
      ) : (
        // The API keeps only a closed list of elements without attributes that could act; scripts would not run here anyway.
        <div
          className="prose-product max-w-prose text-14"
          dangerouslySetInnerHTML={{ __html: product.detailedDescription }}
        />
      )}
      <Lines title="Included" text={product.inclusionDetails} />
      <Lines title="Not included" text={product.exclusionDetails} />
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
      <ul className="mt-1 list-disc pl-5">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}

type Variant = Product['variants'][number] & { readonly lowAt: number };

const variantName = (variant: Variant): string => variant.options.join(' · ') || 'Only variant';

function VariantStock({ row: { onHand, reserved, lowAt } }: { readonly row: Variant }) {
  const free = onHand - reserved;
  return (
    <span className={free <= 0 ? 'font-medium text-danger' : free <= lowAt ? 'font-medium text-warning' : ''}>
      {free <= 0 ? 'Sold out' : free.toLocaleString()}
    </span>
  );
}

const VARIANT_COLUMNS: readonly Column<Variant>[] = [
  { key: 'sku', header: 'SKU', from: 'md', cell: (v) => <span className="text-ink-soft">{v.sku || '–'}</span> },
  { key: 'onHand', header: 'On the shelf', align: 'end', cell: (v) => v.onHand.toLocaleString() },
  { key: 'reserved', header: 'Kept for orders', align: 'end', from: 'md', cell: (v) => v.reserved.toLocaleString() },
  { key: 'free', header: 'To sell', align: 'end', cell: (v) => <VariantStock row={v} /> },
  {
    key: 'price',
    header: 'Price',
    align: 'end',
    cell: (v) => (
      <>
        {v.compareAt !== undefined && (
          <s className="mr-2 text-ink-faint">
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
        <VariantStock row={row} />
        {row.onHand > row.reserved && ' to sell'}
        {row.reserved > 0 && `, ${row.reserved} kept for orders`}
      </p>
    </div>
    <Money amount={row.price} />
  </div>
);

function Variants({ product, lowAt }: { readonly product: Product; readonly lowAt: number }) {
  const name: Column<Variant> = {
    key: 'name',
    header: product.optionNames.join(' · ') || 'Variant',
    cell: variantName,
    className: 'font-medium',
  };
  return (
    <Card title="Variants" aside={String(product.variants.length)} flush>
      <div className="border-t border-line">
        <DataList
          label="Variants"
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
    <Card title="Versions">
      <ol className="flex flex-col">
        {versions.slice(0, 8).map((v, i) => (
          <li key={v.versionId} className="relative flex items-baseline gap-3 pb-3 last:pb-0">
            {i < Math.min(versions.length, 8) - 1 && (
              <span aria-hidden className="absolute top-5 bottom-0 left-1 w-px -translate-x-1/2 bg-line" />
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
                Version {v.versionNumber}{' '}
                {v.isPublished ? (
                  <Badge tone="success">Live</Badge>
                ) : v.versionNumber > (live ?? 0) ? (
                  <Badge>Draft</Badge>
                ) : (
                  <Badge>Earlier</Badge>
                )}
              </span>
              <RelativeTime at={v.createdAt} className="text-13 text-ink-soft" />
            </span>
          </li>
        ))}
      </ol>
      {versions.length > 8 && <p className="mt-3 text-13 text-ink-soft">and {versions.length - 8} earlier ones</p>}
    </Card>
  );
}

function ProductSkeleton() {
  return (
    <LoadingState label="The product is being loaded">
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
