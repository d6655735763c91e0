import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type SiteTransaction, withSite } from '@souk/db';
import { insertOutbox } from '@souk/db/activity';
import {
  type ExistingProduct,
  contentHash,
  findImport,
  findProductsBySlug,
  findSourceUrls,
  insertProductMedia,
  insertVersions,
  lockCatalogImport,
  moveImport,
  type NewVersion,
  type ProductImport,
  noteProgress,
  requestCancel,
  setOnHand,
} from '@souk/db/catalog';
import { getConfiguration } from '@souk/db/identity';
import type { ProductContent } from '@souk/domain/catalog';
import type { ImportColumn, ImportIssue, ImportedProduct, ReadEnd } from '@souk/domain/catalog/product-import';
import {
  type Currency,
  type ProductId,
  type SiteId,
  type VariantId,
  type VersionId,
  id,
  toDecimal,
} from '@souk/domain/shared';
import type { Services } from '../services.ts';
import { readProductCsv } from './product-csv/read-product-csv.ts';
import { plainText } from './plain-text.ts';

/** Products compared, or written, with one set of statements. */
const BATCH = 200;
/** Counts set with one set of statements. */
const COUNTS = 200;
const SAMPLE = 50;
/** As many products as one import can leave out by name. */
export const MAX_LEFT_OUT = 10_000;

/** Where an uploaded file lies while it is looked at and imported. */
export async function importFile(services: Pick<Services, 'home'>, siteId: SiteId, importId: string): Promise<string> {
  const folder = join(services.home, 'uploads', 'imports', siteId);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return join(folder, `${importId}.csv`);
}

/** What a version of the product would hold. */
export function contentOf(product: ImportedProduct): ProductContent {
  return {
    title: product.title,
    shortDescription: plainText(product.descriptionHtml, 160),
    detailedDescription: product.descriptionHtml,
    inclusionDetails: '',
    exclusionDetails: '',
    optionNames: product.optionNames,
    vendor: product.vendor,
    productType: product.productType,
    tags: product.tags,
    seoTitle: product.seoTitle,
    seoDescription: product.seoDescription,
    variants: product.variants.map((variant) => ({
      options: variant.options,
      sku: variant.sku ?? '',
      price: variant.price,
      compareAt: variant.compareAt ?? undefined,
      weightGrams: variant.weightGrams ?? 0,
      barcode: variant.barcode ?? '',
      imageN: variant.imageSrc === null ? 0 : product.images.findIndex((image) => image.src === variant.imageSrc) + 1,
    })),
  };
}

type Change = 'new' | 'changed' | 'same';
const changeOf = (content: ProductContent, existing: ExistingProduct | undefined): Change =>
  existing ? (existing.contentHash === contentHash(content) ? 'same' : 'changed') : 'new';

/** Reads the file and hands its products over in batches; everything else it says is collected. */
async function eachBatch(
  file: string,
  currency: Currency,
  signal: AbortSignal,
  onProgress: (bytes: number) => void,
  take: (products: readonly ImportedProduct[]) => Promise<void>,
): Promise<{ end: ReadEnd; columns: readonly ImportColumn[]; issues: ImportIssue[]; refused: string[] }> {
  // Loaded with the first import: what cleans HTML is large.
  const { sanitizeProductHtml } = await import('./product-csv/sanitize-product-html.ts');
  let columns: readonly ImportColumn[] = [];
  let end: ReadEnd | undefined;
  const issues: ImportIssue[] = [];
  const refused: string[] = [];
  let products: ImportedProduct[] = [];
  for await (const event of readProductCsv(createReadStream(file, { signal }), {
    currency,
    signal,
    onProgress,
    sanitizeHtml: sanitizeProductHtml,
  })) {
    if (event.kind === 'columns') columns = event.columns;
    if (event.kind === 'issue') issues.push(event.issue);
    if (event.kind === 'refused' && refused.length < MAX_LEFT_OUT) refused.push(event.product.handle);
    if (event.kind === 'end') end = event;
    if (event.kind === 'product') products.push(event.product);
    if (products.length >= BATCH) {
      await take(products);
      products = [];
    }
  }
  if (products.length > 0) await take(products);
  if (!end) throw new Error('a file was read without an end');
  return { end, columns, issues, refused };
}

/** Runs work with a progress row that others can read, and an ear for the wish to stop. */
async function withProgress(
  services: Services,
  siteId: SiteId,
  importId: string,
  work: (report: (bytes: number) => void, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  let done = 0;
  // The timer is made before any transaction is open, so each of its looks is a transaction of its own.
  const timer = setInterval(() => {
    services.background(
      'import progress',
      withSite(services.database, siteId, (tx) => noteProgress(tx, importId, done)).then(({ cancelRequested }) => {
        if (cancelRequested) stop.abort(new ImportCancelled());
      }),
    );
  }, 400);
  try {
    await work((bytes) => {
      done = bytes;
    }, stop.signal);
  } finally {
    clearInterval(timer);
  }
}

class ImportCancelled extends Error {}

/** The last word before the commit: the import's row is locked by now, so a wish to stop came before or comes too late. */
async function stopIfAsked(tx: SiteTransaction, importId: string): Promise<void> {
  if ((await findImport(tx, importId))?.cancelRequested) throw new ImportCancelled();
}

/** Looks at an uploaded file without writing a product: what is new, changed, the same, and everything that is wrong. */
export async function checkImport(services: Services, siteId: SiteId, importId: string): Promise<void> {
  try {
    const file = await importFile(services, siteId, importId);
    const { row, config } = await withSite(services.database, siteId, async (tx) => ({
      row: await findImport(tx, importId),
      config: await getConfiguration(tx),
    }));
    if (row?.status !== 'checking') return;
    const counts = { new: 0, changed: 0, same: 0, pictures: 0 };
    const sample: { handle: string; title: string; variants: number; price: string; change: Change }[] = [];
    await withProgress(services, siteId, importId, async (report, signal) => {
      const { end, columns, issues, refused } = await eachBatch(
        file,
        config.currency,
        signal,
        report,
        async (products) => {
          const existing = await withSite(services.database, siteId, (tx) =>
            findProductsBySlug(
              tx,
              products.map((p) => p.handle),
            ),
          );
          for (const product of products) {
            const content = contentOf(product);
            const change = changeOf(content, existing.get(product.handle));
            counts[change] += 1;
            counts.pictures += product.images.length;
            const [first] = product.variants;
            if (sample.length < SAMPLE && first)
              sample.push({
                handle: product.handle,
                title: product.title,
                variants: product.variants.length,
                price: `${toDecimal(first.price)} ${first.price.currency}`,
                change,
              });
          }
        },
      );
      const summary = {
        rows: end.rows,
        products: end.products,
        variants: end.variants,
        newProducts: counts.new,
        changedProducts: counts.changed,
        sameProducts: counts.same,
        pictures: counts.pictures,
        errors: end.errors,
        warnings: end.warnings,
        columns,
        issues,
        issuesLeftOut: end.unlistedIssues,
        sample,
        refusedHandles: refused,
        fileErrors: end.fileErrors,
        // A list that was cut short does not name everything that would be left out.
        complete: end.complete && refused.length < MAX_LEFT_OUT,
      };
      await withSite(services.database, siteId, async (tx) => {
        await moveImport(tx, importId, ['checking'], end.errors > 0 ? 'refused' : 'ready', { summary });
        await stopIfAsked(tx, importId);
        insertOutbox(tx, [{ eventId: services.newId(), kind: 'import.moved', entityId: importId }]);
      });
    });
  } catch (error) {
    await giveUp(services, siteId, importId, error);
  }
}

async function giveUp(services: Services, siteId: SiteId, importId: string, error: unknown): Promise<void> {
  const cancelled = error instanceof ImportCancelled;
  if (!cancelled) services.log.error({ siteId, importId, err: error }, 'an import failed');
  const ended = await withSite(services.database, siteId, async (tx) => {
    insertOutbox(tx, [{ eventId: services.newId(), kind: 'import.moved', entityId: importId }]);
    return moveImport(tx, importId, ['checking', 'applying'], cancelled ? 'cancelled' : 'failed');
  });
  if (ended) await rm(await importFile(services, siteId, importId), { force: true });
}

/** Asks an import to stop. One that only waits is over at once; one that writes stops within a second and leaves nothing. */
export async function cancelImport(services: Services, tx: SiteTransaction, importId: string): Promise<boolean> {
  const cancelWaiting = () => moveImport(tx, importId, ['ready', 'refused'], 'cancelled');
  if (!(await cancelWaiting())) {
    if (await requestCancel(tx, importId)) return true;
    // It may have come to rest between the two questions.
    if (!(await cancelWaiting())) return false;
  }
  // Its file is removed by the worker, after the commit.
  insertOutbox(tx, [{ eventId: services.newId(tx.at), kind: 'import.wanted', entityId: importId }]);
  return true;
}

const OVER: ReadonlySet<ProductImport['status']> = new Set(['applied', 'cancelled', 'failed']);

export const applyImport = {
  /** Marks a looked-at file as being imported; only one that has no errors left once the excluded products are out. */
  async begin(
    tx: SiteTransaction,
    importId: string,
    excludedHandles: readonly string[],
  ): Promise<'started' | 'not_ready' | 'not_found'> {
    const found = await findImport(tx, importId);
    if (!found) return 'not_found';
    const {
      refusedHandles = [],
      fileErrors = 0,
      complete = false,
    } = found.summary as { refusedHandles?: string[]; fileErrors?: number; complete?: boolean };
    const excluded = new Set(excludedHandles);
    const curable = complete && fileErrors === 0 && refusedHandles.every((handle) => excluded.has(handle));
    if (found.status !== 'ready' && !(found.status === 'refused' && curable)) return 'not_ready';
    return (await moveImport(tx, importId, ['ready', 'refused'], 'applying', { excludedHandles }))
      ? 'started'
      : 'not_ready';
  },

  /**
   * Writes every product of the file in one transaction, or none (also when it is cancelled or the process dies). The file
   * is read as a stream and written set by set, so memory does not grow with it. The same file again changes nothing.
   */
  async run(services: Services, siteId: SiteId, importId: string): Promise<void> {
    try {
      const file = await importFile(services, siteId, importId);
      const found = await withSite(services.database, siteId, async (tx) => ({
        row: await findImport(tx, importId),
        config: await getConfiguration(tx),
      }));
      if (found.row && OVER.has(found.row.status)) await rm(file, { force: true });
      if (found.row?.status !== 'applying') return;
      const { createdBy, excludedHandles, summary } = found.row;
      const excluded = new Set(excludedHandles);
      const written = { new: 0, changed: 0, same: 0 };
      // The last count of each variant the site had before. They are set when everything else is written.
      const counted = new Map<VariantId, number>();
      await withProgress(services, siteId, importId, (report, signal) =>
        withSite(
          services.database,
          siteId,
          async (tx) => {
            await lockCatalogImport(tx);
            // The queue gives a job at least once: whoever waited here behind the same import has nothing left to do.
            if ((await findImport(tx, importId))?.status !== 'applying') return;
            await eachBatch(file, found.config.currency, signal, report, async (products) => {
              signal.throwIfAborted();
              await writeBatch(
                services,
                tx,
                products.filter((p) => !excluded.has(p.handle)),
                createdBy,
                written,
                counted,
              );
            });
            await setCounts(tx, counted, createdBy, signal);
            signal.throwIfAborted();
            await moveImport(tx, importId, ['applying'], 'applied', {
              summary: {
                ...summary,
                newProducts: written.new,
                changedProducts: written.changed,
                sameProducts: written.same,
              },
            });
            await stopIfAsked(tx, importId);
            insertOutbox(tx, [{ eventId: services.newId(tx.at), kind: 'import.moved', entityId: importId }]);
          },
          services.now(),
        ),
      );
      await rm(file, { force: true });
    } catch (error) {
      await giveUp(services, siteId, importId, error);
    }
  },
};

/**
 * Sets what the file counted, by variant id and not in the order of the file: a checkout locks the levels of its cart in
 * that order too, and an import that goes another way through them can wait for a checkout that waits for it. Levels are
 * locked last, so that orders do not wait while a long file is read.
 */
async function setCounts(
  tx: SiteTransaction,
  counted: ReadonlyMap<VariantId, number>,
  by: string,
  signal: AbortSignal,
): Promise<void> {
  const variantIds = [...counted.keys()].toSorted();
  for (let from = 0; from < variantIds.length; from += COUNTS) {
    signal.throwIfAborted();
    const counts = variantIds.slice(from, from + COUNTS).flatMap((variantId) => {
      const onHand = counted.get(variantId);
      return onHand === undefined ? [] : [{ variantId, onHand }];
    });
    await setOnHand(tx, counts, 'imported', by);
  }
}

async function writeBatch(
  services: Services,
  tx: SiteTransaction,
  products: readonly ImportedProduct[],
  by: string,
  written: Record<Change, number>,
  counted: Map<VariantId, number>,
): Promise<void> {
  const existing = await findProductsBySlug(
    tx,
    products.map((p) => p.handle),
  );
  const versions: NewVersion[] = [];
  const pictures: Parameters<typeof insertProductMedia>[1][number][] = [];
  const newId = (): string => services.newId(tx.at);
  const known = await findSourceUrls(
    tx,
    [...existing.values()].map((e) => e.productId),
  );
  for (const product of products) {
    const content = contentOf(product);
    const old = existing.get(product.handle);
    const change = changeOf(content, old);
    written[change] += 1;
    // Numbered, so that the products of one import stand in the order of the file, the same from run to run.
    const productId = old?.productId ?? id<ProductId>(services.newId(tx.at, written.new));
    const identities = new Map(old?.variants.map((v) => [JSON.stringify(v.options), v.variantId]));
    const variantIds = content.variants.map((v) => identities.get(JSON.stringify(v.options)) ?? id<VariantId>(newId()));
    if (change !== 'same') {
      versions.push({
        productId,
        versionId: id<VersionId>(newId()),
        versionNumber: (old?.newestVersion ?? 0) + 1,
        content,
        variantIds,
        ...(old ? {} : { isNew: { slug: product.handle, stock: product.variants.map((v) => v.quantity ?? 0) } }),
      });
    }
    // A count in the file is what is on the shelf; a product that is new was opened with it.
    if (old)
      product.variants.forEach(({ quantity }, i) => {
        const variantId = variantIds[i];
        if (variantId && quantity !== null) counted.set(variantId, quantity);
      });
    const had = known.get(productId) ?? { urls: new Set<string>(), last: 0 };
    const wanted = product.images.filter((image) => !had.urls.has(image.src));
    wanted.forEach((image, i) =>
      pictures.push({ productId, n: had.last + i + 1, mediaId: newId(), sourceUrl: image.src, alt: image.alt }),
    );
  }
  await insertVersions(tx, versions, by);
  await insertProductMedia(tx, pictures);
  insertOutbox(tx, [
    ...versions.map((v) => ({ eventId: newId(), kind: 'product.imported' as const, entityId: v.productId })),
    ...pictures.map((p) => ({ eventId: newId(), kind: 'media.wanted' as const, entityId: p.mediaId })),
  ]);
}
