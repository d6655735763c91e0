import {
  type Currency,
  type ProductId,
  type SiteId,
  type VariantId,
  type VersionId,
  id,
  money,
} from '@souk/domain/shared';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, inDatabase, openTestDatabase, siteRow } from '../testing/index.ts';
import { withSite } from '../with-site.ts';
import { insertVersions, listProducts, publishNewest } from './product-store.ts';

const siteId = id<SiteId>(v7());
const productId = id<ProductId>(v7());
const [variantId, versionId] = [id<VariantId>(v7()), id<VersionId>(v7())];
const JPY = 'JPY' as Currency;

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await inDatabase(db.ownerUrl, async (owner) => {
    await owner.query(siteRow('$1', "'search'", "'SEARCH'"), [siteId]);
    await owner.query(
      "insert into site_configurations (site_id, currency, prices_include_tax, locale, time_zone, country, theme, storefront, ai_enabled, low_stock_at, version, created_at, updated_at) values ($1, 'JPY', true, 'en', 'UTC', 'JP', 'kumo', '{}', false, 3, 1, now(), now())",
      [siteId],
    );
    await owner.query("insert into stock_locations values ($1, $2, 'Main', true, now())", [siteId, v7()]);
  });
  await withSite(db.database, siteId, (tx) =>
    insertVersions(
      tx,
      [
        {
          productId,
          versionId,
          versionNumber: 1,
          content: {
            title: 'ＴＥＥ ﾊﾟｰｶｰ',
            shortDescription: '',
            detailedDescription: '',
            inclusionDetails: '',
            exclusionDetails: '',
            optionNames: [],
            vendor: 'Ärmel™',
            productType: '',
            tags: ['½ Zip'],
            seoTitle: '',
            seoDescription: '',
            variants: [
              {
                options: [],
                sku: 'Ｔ-1',
                price: money(1000, JPY),
                compareAt: undefined,
                weightGrams: 0,
                barcode: '',
                imageN: 0,
              },
            ],
          },
          variantIds: [variantId],
          isNew: { slug: 'tee', stock: [1] },
        },
      ],
      undefined,
    ),
  );
});
afterAll(() => db.close());

const WORDS = ['ＴＥＥ', 'tee', 'ﾊﾟｰｶｰ', 'パーカー', 'ärmel', 'ÄRMELTM', '½', 't-1'];
const found = async (q: string): Promise<number> => (await listProducts(db.database, siteId, { q, limit: 5 })).length;

test.each(WORDS)('a draft is found by %s', async (q) => expect(await found(q)).toBe(1));

test('and so is the same product once it is published', async () => {
  await withSite(db.database, siteId, (tx) =>
    publishNewest(tx, [productId], { actorId: undefined, triggeredBy: 'system' }, () => v7()),
  );
  for (const q of WORDS) expect([q, await found(q)]).toEqual([q, 1]);
});
