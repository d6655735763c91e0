import { type SiteTransaction, row, rows, run, sql } from '../with-site.ts';

export type ImportStatus = 'checking' | 'ready' | 'refused' | 'applying' | 'applied' | 'cancelled' | 'failed';

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

type Row = {
  import_id: string; file_name: string; byte_size: string; status: ImportStatus; created_by: string; progress_done: string; progress_total: string; summary: Record<string, unknown>; cancel_requested: boolean; excluded_handles: string[];
  created_at: Date; updated_at: Date;
};

const toImport = (r: Row): ProductImport => ({
  importId: r.import_id, fileName: r.file_name, byteSize: Number(r.byte_size), status: r.status, createdBy: r.created_by, progressDone: Number(r.progress_done), progressTotal: Number(r.progress_total), summary: r.summary,
  cancelRequested: r.cancel_requested, excludedHandles: r.excluded_handles, createdAt: r.created_at, updatedAt: r.updated_at,
});

export async function insertImport(tx: SiteTransaction, i: { importId: string; fileName: string; byteSize: number; createdBy: string }): Promise<void> {
  await run(
    tx,
    sql`insert into product_imports (site_id, import_id, file_name, byte_size, status, created_by, progress_done, progress_total, summary, cancel_requested, excluded_handles, created_at, updated_at)
      values (${tx.siteId}, ${i.importId}, ${i.fileName}, ${i.byteSize}, 'checking', ${i.createdBy}, 0, ${i.byteSize}, '{}'::jsonb, false, '{}', ${tx.at}, ${tx.at})`,
  );
}

export async function findImport(tx: SiteTransaction, importId: string): Promise<ProductImport | undefined> {
  const found = await row<Row>(tx, sql`select * from product_imports where site_id = ${tx.siteId} and import_id = ${importId}`);
  return found && toImport(found);
}

export async function listImports(tx: SiteTransaction, limit = 20): Promise<ProductImport[]> {
  return (await rows<Row>(tx, sql`select * from product_imports where site_id = ${tx.siteId} order by import_id desc limit ${limit}`)).map(toImport);
}

/** Moves an import on, if it is still where the caller thinks. False: somebody else moved it. */
export const moveImport = async (tx: SiteTransaction, importId: string, from: readonly ImportStatus[], to: ImportStatus, change: { summary?: unknown; excludedHandles?: readonly string[]; progressTotal?: number } = {}): Promise<boolean> =>
  (await run(
    tx,
    sql`update product_imports set status = ${to}, progress_done = case when ${to} = 'applying' then 0 else progress_done end, updated_at = ${tx.at}
        ${change.summary === undefined ? sql`` : sql`, summary = ${JSON.stringify(change.summary)}::jsonb`}
        ${change.excludedHandles ? sql`, excluded_handles = ${[...change.excludedHandles]}::text[]` : sql``}
        ${change.progressTotal === undefined ? sql`` : sql`, progress_total = ${change.progressTotal}`}
      where site_id = ${tx.siteId} and import_id = ${importId} and status = any(${[...from]}::text[])`,
  )) === 1;

/** Notes how far an import is, and says whether somebody asked it to stop. */
export async function noteProgress(tx: SiteTransaction, importId: string, done: number): Promise<{ cancelRequested: boolean }> {
  const found = await row<{ cancel_requested: boolean }>(tx, sql`update product_imports set progress_done = ${done} where site_id = ${tx.siteId} and import_id = ${importId} returning cancel_requested`);
  return { cancelRequested: found?.cancel_requested ?? true };
}

export const requestCancel = async (tx: SiteTransaction, importId: string): Promise<boolean> =>
  (await run(tx, sql`update product_imports set cancel_requested = true, updated_at = ${tx.at} where site_id = ${tx.siteId} and import_id = ${importId} and status in ('checking', 'ready', 'applying')`)) === 1;

/** Imports of one site write one after the other. The lock does not stop orders: they only look at this row's key. */
export async function lockCatalogImport(tx: SiteTransaction): Promise<void> {
  await rows(tx, sql`select 1 from site_configurations where site_id = ${tx.siteId} for no key update`);
}
