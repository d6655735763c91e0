import { withSite } from '@souk/db';
import { insertCollections, insertProductMedia, insertVersions, publishNewest } from '@souk/db/catalog';
import { type Site, insertApiKey, setStorefront } from '@souk/db/identity';
import {
  type AdminId,
  type ConfigId,
  type Currency,
  type ProductId,
  type SiteId,
  type VariantId,
  type VersionId,
  currency,
  fromDecimal,
  id,
} from '@souk/domain/shared';
import { type SitePlan, connectPayments, insertSite } from '../identity/new-site.ts';
import { hashToken, newToken } from '../identity/session.ts';
import type { Services } from '../services.ts';
import { AURORA, type DemoCatalogue, KUMO } from './art/catalogue.ts';
import { type DemoPictures, demoPictures } from './demo-pictures.ts';

type Plan = Pick<
  SitePlan,
  'name' | 'handle' | 'orderPrefix' | 'locale' | 'timeZone' | 'country' | 'theme' | 'lowStockAt' | 'tax'
> & {
  readonly catalogue: DemoCatalogue;
  readonly shipping: { readonly name: string; readonly description: string; readonly price: string };
};

export const DEMO_PLANS: readonly Plan[] = [
  {
    name: 'Aurora',
    handle: 'aurora',
    orderPrefix: 'AUR',
    locale: 'en-IE',
    timeZone: 'Europe/Berlin',
    country: 'DE',
    theme: 'aurora',
    lowStockAt: 3,
    catalogue: AURORA,
    tax: { name: 'VAT', ratePerMillion: 190_000 },
    shipping: { name: 'Parcel', description: '2–3 working days', price: '4.90' },
  },
  {
    name: 'Kumo',
    handle: 'kumo',
    orderPrefix: 'KUMO',
    locale: 'en-JP',
    timeZone: 'Asia/Tokyo',
    country: 'JP',
    theme: 'kumo',
    lowStockAt: 3,
    catalogue: KUMO,
    tax: { name: 'Consumption tax', ratePerMillion: 100_000 },
    shipping: { name: 'Courier', description: '1–2 days, everywhere in Japan', price: '600' },
  },
];

/** More pieces than the demo's orders can take; the shelf is counted to the catalogue's numbers afterwards. */
const OPENING_EXTRA = 400;

export type DemoSite = {
  readonly site: Site;
  readonly plan: Plan;
  readonly configId: ConfigId;
  readonly apiKey: string;
  readonly variants: readonly { readonly variantId: VariantId; readonly stock: number }[];
  readonly pictures: DemoPictures;
};

const known = (code: string): Currency => {
  const found = currency(code);
  if (!found) throw new Error(`unknown currency ${code}`);
  return found;
};

/** Makes one demo site whole: the site, its owner, payments at the sandbox, pictures, products, all published at `at`. */
export async function makeDemoSite(services: Services, plan: Plan, adminId: AdminId, at: Date): Promise<DemoSite> {
  const newId = (): string => services.newId(at);
  const siteId = id<SiteId>(newId());
  const code = known(plan.catalogue.currency);
  const host = `${plan.handle}.localhost`;
  const secret = newToken();
  const apiKeyId = newId();
  const { catalogue } = plan;

  // Drawing takes longer than everything else, so here pictures are only named; they are drawn beside and afterwards.
  const pictures = demoPictures(catalogue);
  const { hero, story } = pictures;

  const products = catalogue.products.map((product) => ({
    product,
    version: {
      productId: id<ProductId>(newId()),
      versionId: id<VersionId>(newId()),
      versionNumber: 1,
      variantIds: product.variants.map(() => id<VariantId>(newId())),
      content: {
        title: product.title,
        shortDescription: product.shortDescription,
        detailedDescription: product.detailedDescription,
        inclusionDetails: product.inclusionDetails,
        exclusionDetails: product.exclusionDetails,
        optionNames: product.optionNames,
        vendor: plan.name,
        productType: '',
        tags: product.collections,
        seoTitle: '',
        seoDescription: '',
        variants: product.variants.map((v) => ({
          options: v.options,
          sku: v.sku,
          price: fromDecimal(v.price, code),
          compareAt: v.compareAt === undefined ? undefined : fromDecimal(v.compareAt, code),
          weightGrams: 0,
          barcode: '',
          imageN: v.picture + 1,
        })),
      },
      isNew: { slug: product.slug, stock: product.variants.map((v) => v.stock + OPENING_EXTRA) },
    },
  }));

  const account = await withSite(
    services.database,
    siteId,
    async (tx) => {
      const sandbox = await insertSite(
        tx,
        services,
        {
          ...plan,
          host,
          currency: code,
          pricesIncludeTax: true,
          contactEmail: `hello@${host}`,
          shipping: { ...plan.shipping, price: fromDecimal(plan.shipping.price, code) },
        },
        adminId,
      );
      await insertApiKey(tx, {
        apiKeyId,
        name: 'Demo service',
        keyHash: hashToken(secret),
        permissions: ['VIEW_PRODUCTS', 'VIEW_ORDERS'],
        expiresAt: undefined,
        createdBy: undefined,
      });
      await insertVersions(
        tx,
        products.map((p) => p.version),
        undefined,
      );
      await insertProductMedia(
        tx,
        products.flatMap(({ product, version }) =>
          (pictures.ofProduct.get(product.slug) ?? []).map((p, i) => ({
            productId: version.productId,
            n: i + 1,
            mediaId: newId(),
            sourceUrl: undefined,
            alt: p.alt,
            ready: p.ready,
          })),
        ),
      );
      await insertCollections(
        tx,
        catalogue.collections.map((c, position) => ({
          collectionId: newId(),
          ...c,
          position,
          productIds: products.filter((p) => p.product.collections.includes(c.slug)).map((p) => p.version.productId),
        })),
      );
      await publishNewest(
        tx,
        products.map((p) => p.version.productId),
        { actorId: undefined, triggeredBy: 'system' },
        newId,
      );
      const { home } = catalogue;
      await setStorefront(tx, {
        tagline: home.tagline,
        swatches: catalogue.swatches,
        hero: {
          title: home.hero.title,
          text: home.hero.text,
          link: home.hero.link,
          image: { hash: hero.contentHash, alt: home.hero.alt, width: hero.width, height: hero.height },
        },
        story: {
          title: home.story.title,
          text: home.story.text,
          link: home.story.link,
          image: { hash: story.contentHash, alt: home.story.picture.alt, width: story.width, height: story.height },
        },
      });
      return sandbox;
    },
    at,
  );
  if (!account) throw new Error('the demo needs the sandbox payment provider');
  await connectPayments(services, siteId, account, at);
  return {
    site: {
      siteId,
      name: plan.name,
      status: 'active',
      handle: plan.handle,
      orderPrefix: plan.orderPrefix,
      isServedHere: true,
      primaryDomain: host,
    },
    plan,
    configId: account.configId,
    apiKey: `souk_${apiKeyId}_${secret}`,
    pictures,
    variants: products.flatMap(({ product, version }) =>
      version.variantIds.map((variantId, i) => ({ variantId, stock: product.variants[i]?.stock ?? 0 })),
    ),
  };
}
