import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyImport, checkImport } from '@souk/api/catalog/product-import';
import { type HttpClient, type TestApi, type TestSite, ownerRows, until } from '../index.ts';

export const FIXTURES = join(import.meta.dirname, '..', '..', 'fixtures');
export const fixture = (file: string): Buffer => readFileSync(join(FIXTURES, 'csv', file));

export type ImportIssueSeen = {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly row: number;
  readonly line: number;
  readonly column: string | null;
  readonly value?: string;
  readonly message: string;
};

export type ImportSeen = {
  readonly importId: string;
  readonly status: 'checking' | 'ready' | 'refused' | 'applying' | 'applied' | 'cancelled' | 'failed';
  readonly progressDone: number;
  readonly progressTotal: number;
  readonly fileName: string;
  readonly summary: {
    readonly rows: number;
    readonly products: number;
    readonly variants: number;
    readonly newProducts: number;
    readonly changedProducts: number;
    readonly sameProducts: number;
    readonly errors: number;
    readonly refusedHandles: readonly string[];
    readonly issues: readonly ImportIssueSeen[];
  };
};

/** Sends a file to the admin of a site. */
export const send = (
  admin: HttpClient,
  { handle }: Pick<TestSite, 'handle'>,
  file: Buffer | string,
  headers: Record<string, string | undefined> = {},
  name = 'products.csv',
) =>
  admin.send(`/s/${handle}/uploads/product-imports?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    body: file,
    headers: { 'content-type': 'text/csv', ...headers },
  });

export async function upload(
  admin: HttpClient,
  site: Pick<TestSite, 'handle'>,
  file: Buffer | string,
): Promise<string> {
  const answer = await send(admin, site, file);
  if (answer.status !== 201) throw new Error(`the upload was refused: ${answer.status} ${answer.text}`);
  return (JSON.parse(answer.text) as { importId: string }).importId;
}

export async function look(admin: HttpClient, importId: string): Promise<ImportSeen> {
  const { status, value, text } = await admin.query('imports.get', { importId });
  if (status !== 200) throw new Error(`the import cannot be seen: ${text}`);
  return value as ImportSeen;
}

/** Waits until an import stands still. */
export async function settled(admin: HttpClient, importId: string, seconds = 20): Promise<ImportSeen> {
  let seen: ImportSeen | undefined;
  await until(
    'the import stands still',
    async () => {
      seen = await look(admin, importId);
      return seen.status !== 'checking' && seen.status !== 'applying';
    },
    seconds,
  );
  if (!seen) throw new Error('nothing seen');
  return seen;
}

export const start = (admin: HttpClient, importId: string, excludedHandles: readonly string[] = []) =>
  admin.mutate('imports.start', { importId, excludedHandles });

/**
 * Uploads a file, looks at it, and has it written where it may be. What the queue would run half a second later is run
 * here; when the queue comes to it, nothing is left to do.
 */
export async function importAtOnce(
  test: TestApi,
  admin: HttpClient,
  site: Pick<TestSite, 'handle' | 'siteId'>,
  file: Buffer | string,
  excludedHandles: readonly string[] = [],
): Promise<{ checked: ImportSeen; written: ImportSeen | undefined }> {
  const importId = await upload(admin, site, file);
  await checkImport(test.api.services, site.siteId, importId);
  const checked = await settled(admin, importId);
  const started = await start(admin, importId, excludedHandles);
  if (started.status !== 200) return { checked, written: undefined };
  await applyImport.run(test.api.services, site.siteId, importId);
  return { checked, written: await settled(admin, importId) };
}

/** How much of a catalogue a site has, in every table an import writes. */
export async function counts(test: Pick<TestApi, 'db'>, { siteId }: Pick<TestSite, 'siteId'>) {
  const [row] = await ownerRows<
    Record<'products' | 'slugs' | 'versions' | 'variants' | 'lines' | 'levels' | 'movements' | 'media', number>
  >(
    test.db,
    `select (select count(*)::int from products where site_id = $1) as products, (select count(*)::int from slugs where site_id = $1 and kind = 'product') as slugs,
      (select count(*)::int from product_versions where site_id = $1) as versions, (select count(*)::int from variants where site_id = $1) as variants,
      (select count(*)::int from product_version_variants where site_id = $1) as lines, (select count(*)::int from inventory_levels where site_id = $1) as levels,
      (select count(*)::int from inventory_movements where site_id = $1) as movements, (select count(*)::int from media where site_id = $1) as media`,
    [siteId],
  );
  if (!row) throw new Error('nothing counted');
  return row;
}

/** A file of products of one variant each; `change` is laid over a row's cells by column. */
export function csvOf(rows: readonly Readonly<Record<string, string | number>>[]): string {
  const columns = [...new Set(['Handle', 'Title', 'Variant Price', ...rows.flatMap((row) => Object.keys(row))])];
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
    .map((cells) => cells.join(','))
    .join('\n');
}
