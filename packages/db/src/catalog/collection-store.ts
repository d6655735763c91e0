import type { ProductId } from '@souk/domain/shared';
import { insertSlugs } from '../content/slug-store.ts';
import { type SiteTransaction, run, sql } from '../with-site.ts';

export type NewCollection = {
  readonly collectionId: string;
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly position: number;
  readonly productIds: readonly ProductId[];
};

/** Collections in simple form: a title, an address, products in an order chosen by hand. */
export async function insertCollections(tx: SiteTransaction, collections: readonly NewCollection[]): Promise<void> {
  const given = collections.map((c) => ({
    collection_id: c.collectionId,
    title: c.title,
    description: c.description,
    position: c.position,
  }));
  const members = collections.flatMap((c) =>
    c.productIds.map((product_id, position) => ({ collection_id: c.collectionId, product_id, position })),
  );
  await insertSlugs(
    tx,
    'collection',
    collections.map((c) => ({ slug: c.slug, targetId: c.collectionId })),
  );
  await run(
    tx,
    sql`with given as (select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g (collection_id uuid, title text, description text, position integer)),
      made as (insert into collections (site_id, collection_id, title, description, position, created_at, updated_at) select ${tx.siteId}, collection_id, title, description, position, ${tx.at}, ${tx.at} from given)
      insert into collection_products (site_id, collection_id, product_id, position)
        select ${tx.siteId}, collection_id, product_id, position from jsonb_to_recordset(${JSON.stringify(members)}::jsonb) as m (collection_id uuid, product_id uuid, position integer)`,
  );
}
