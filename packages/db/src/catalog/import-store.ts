import type { InferEntity } from '@mikro-orm/postgresql';
import { type SiteTransaction, entitiesOf, row, rows, run, sql } from '../with-site.ts';
import type { ImportStatus, ProductImportRow } from './catalog-entities.ts';

export type ProductImport = {
  readonly importId: string;
  readonly fileName: string;
  readonly byteSize: number;
  readonly status: ImportStatus;
  readonly createdBy: string;
  readonly progressDone: number;
  readonly progressTotal: number;
  /** What the look at the file found; its form is the importer's. */
  readonly summary: Readonly<Record<string, unknown>>;
  readonly cancelRequested: boolean;
  readonly excludedHandles: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

const toImport = (r: InferEntity<typeof ProductImportRow>): ProductImport => ({
  importId: r.importId,
  fileName: r.fileName,
  byteSize: r.byteSize,
  status: r.status,
  createdBy: r.createdBy,
  progressDone: r.progressDone,
  progressTotal: r.progressTotal,
  summary: r.summary,
  cancelRequested: r.cancelRequested,
  excludedHandles: r.excludedHandles,
  createdAt: r.createdAt,
  updatedAt: r.updatedAt,
});

/** Notes an uploaded file of `byteSize` bytes, to be looked at. */
export async function insertImport(
  tx: SiteTransaction,
  i: { importId: string; fileName: string; byteSize: number; createdBy: string },
): Promise<void> {
  const { em, ProductImportRow } = await entitiesOf(tx);
  await em.insert(ProductImportRow, {
    siteId: tx.siteId,
    ...i,
    status: 'checking',
    progressDone: 0,
    progressTotal: i.byteSize,
    summary: {},
    cancelRequested: false,
    excludedHandles: [],
    createdAt: tx.at,
    updatedAt: tx.at,
  });
}

/** One import as it stands in the database now. */
export async function findImport(tx: SiteTransaction, importId: string): Promise<ProductImport | undefined> {
  const { em, ProductImportRow } = await entitiesOf(tx);
  const found = await em.findOne(ProductImportRow, { siteId: tx.siteId, importId }, { refresh: true });
  return found ? toImport(found) : undefined;
}

/** The newest imports. */
export async function listImports(tx: SiteTransaction, limit = 20): Promise<ProductImport[]> {
  const { em, ProductImportRow } = await entitiesOf(tx);
  return (await em.find(ProductImportRow, {}, { orderBy: { importId: 'desc' }, limit })).map(toImport);
}

/** Moves an import on, if it is still where the caller thinks. False: somebody else moved it. */
export const moveImport = async (
  tx: SiteTransaction,
  importId: string,
  from: readonly ImportStatus[],
  to: ImportStatus,
  change: { summary?: unknown; excludedHandles?: readonly string[] } = {},
): Promise<boolean> =>
  (await run(
    tx,
    sql`update product_imports set status = ${to}, progress_done = case when ${to} = 'applying' then 0 else progress_done end, updated_at = ${tx.at}
        ${change.summary === undefined ? sql`` : sql`, summary = ${JSON.stringify(change.summary)}::jsonb`}
        ${change.excludedHandles ? sql`, excluded_handles = ${[...change.excludedHandles]}::text[]` : sql``}
      where site_id = ${tx.siteId} and import_id = ${importId} and status = any(${[...from]}::text[])`,
  )) === 1;

/** Notes how far an import is, and says whether somebody asked it to stop. */
export async function noteProgress(
  tx: SiteTransaction,
  importId: string,
  done: number,
): Promise<{ cancelRequested: boolean }> {
  const found = await row<{ cancel_requested: boolean }>(
    tx,
    sql`update product_imports set progress_done = ${done} where site_id = ${tx.siteId} and import_id = ${importId} returning cancel_requested`,
  );
  return { cancelRequested: found?.cancel_requested ?? true };
}

/** Asks an import that is at work to stop; false when it is not at work. */
export const requestCancel = async (tx: SiteTransaction, importId: string): Promise<boolean> =>
  (await run(
    tx,
    sql`update product_imports set cancel_requested = true, updated_at = ${tx.at} where site_id = ${tx.siteId} and import_id = ${importId} and status in ('checking', 'applying')`,
  )) === 1;

/** Imports of one site write one after the other. The lock does not stop orders: they only look at this row's key. */
export async function lockCatalogImport(tx: SiteTransaction): Promise<void> {
  await rows(tx, sql`select 1 from site_configurations where site_id = ${tx.siteId} for no key update`);
}
