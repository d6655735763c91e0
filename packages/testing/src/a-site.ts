import { randomBytes } from 'node:crypto';
import { type Database, type MasterKey, withSite } from '@souk/db';
import { insertCollections, insertVersions, publishNewest } from '@souk/db/catalog';
import { insertShippingMethod } from '@souk/db/commerce';
import { type Site, addMember, createSite, insertAccount, insertApiKey } from '@souk/db/identity';
import {
  type PaymentCredential,
  enableAfterTest,
  insertCredential,
  insertPaymentConfiguration,
} from '@souk/db/integrations';
import { hashPassword } from '@souk/api/identity/password';
import { hashToken, newToken } from '@souk/api/identity/session';
import { DEFAULT_ROLES, emailAddress } from '@souk/domain/identity';
import {
  type AdminId,
  type ConfigId,
  type Currency,
  type ProductId,
  type SiteId,
  type VariantId,
  type VersionId,
  currency,
  id,
  toDecimal,
} from '@souk/domain/shared';
import { v7 } from 'uuid';

/** The password of every account that the kit makes. */
export const TEST_PASSWORD = 'correct horse battery staple';
const SHIPPING = 500;
let passwordHash: Promise<string> | undefined;

export type TestVariant = {
  readonly variantId: VariantId;
  readonly productId: ProductId;
  readonly price: number;
  readonly stock: number;
};
export type TestProduct = {
  readonly productId: ProductId;
  readonly slug: string;
  readonly title: string;
  readonly variants: readonly TestVariant[];
};

export type TestSite = {
  readonly site: Site;
  readonly siteId: SiteId;
  readonly handle: string;
  readonly host: string;
  readonly currency: Currency;
  readonly owner: AdminId;
  readonly configId: ConfigId;
  readonly credential: PaymentCredential;
  readonly shippingMethodId: string;
  /** In minor units, as all prices here. */
  readonly shippingPrice: number;
  readonly products: readonly TestProduct[];
  /** As a service sends it: `souk_<id>_<secret>`; it may VIEW_PRODUCTS and VIEW_ORDERS. */
  readonly apiKey: string;
};

export type SiteWish = {
  readonly handle: string;
  readonly currency?: string;
  readonly country?: string;
  /** Prices in minor units and pieces in stock, a list per product. */
  readonly products?: readonly (readonly { readonly price: number; readonly stock: number }[])[];
  readonly pricesIncludeTax?: boolean;
};

const USUAL_PRODUCTS = [
  [
    { price: 1000, stock: 100 },
    { price: 1500, stock: 100 },
  ],
  [{ price: 2500, stock: 100 }],
] as const;

/** Makes an account that can sign in with TEST_PASSWORD. */
export async function anAccount(database: Database, name: string): Promise<{ adminId: AdminId; email: string }> {
  const adminId = id<AdminId>(v7());
  const email = emailAddress(`${name}.${adminId.slice(-8)}@example.org`);
  if (!email.ok) throw new Error(`${name} makes no address`);
  passwordHash ??= hashPassword(TEST_PASSWORD);
  await insertAccount(database, {
    adminId,
    email: email.value,
    name,
    passwordHash: await passwordHash,
    at: new Date(),
  });
  return { adminId, email: email.value };
}

/**
 * Makes a whole site through the stores that make real ones: owner, roles, payment configuration with a known credential,
 * shipping, tax, and published products with stock.
 */
export async function aSite(database: Database, key: MasterKey, wish: SiteWish): Promise<TestSite> {
  const { handle, products = USUAL_PRODUCTS } = wish;
  const siteId = id<SiteId>(v7());
  const configId = id<ConfigId>(v7());
  const credentialId = v7();
  const shippingMethodId = v7();
  const code = currency(wish.currency ?? 'EUR');
  if (!code) throw new Error(`unknown currency ${wish.currency}`);
  const owner = await anAccount(database, `owner of ${handle}`.replaceAll(' ', '-'));
  const host = `${handle}.localhost`;
  const letters = handle.replaceAll('-', '').toUpperCase();
  const orderPrefix = letters.length > 8 ? `${letters.slice(0, 1)}${letters.slice(-7)}` : letters;
  const secret = newToken();
  const apiKeyId = v7();
  const credential = {
    apiKey: `sandbox_key_${randomBytes(18).toString('base64url')}`,
    noticeSecret: `whsec_${randomBytes(32).toString('base64')}`,
  };
  const amount = (minorUnits: number) => ({ minorUnits, currency: code });
  const made: TestProduct[] = products.map((variants, p) => {
    const productId = id<ProductId>(v7());
    return {
      productId,
      slug: `${handle}-thing-${p + 1}`,
      title: `Thing ${p + 1} of ${handle}`,
      variants: variants.map(({ price, stock }) => ({ variantId: id<VariantId>(v7()), productId, price, stock })),
    };
  });
  await withSite(database, siteId, async (tx) => {
    await createSite(tx, {
      name: `The ${handle} shop`,
      handle,
      orderPrefix,
      currency: code,
      pricesIncludeTax: wish.pricesIncludeTax ?? true,
      locale: 'en-IE',
      timeZone: 'Europe/Berlin',
      country: wish.country ?? 'DE',
      theme: 'aurora',
      contactEmail: undefined,
      lowStockAt: 3,
      domains: [{ mappingId: v7(), domainName: host, isPrimary: true }],
      taxRate: { taxRateId: v7(), name: 'VAT', ratePerMillion: 190_000 },
      locationId: v7(),
      transitionId: v7(),
      roleIds: Object.keys(DEFAULT_ROLES).map(() => v7()),
    });
    await addMember(tx, { membershipId: v7(), adminId: owner.adminId, roleName: 'owner' });
    await insertApiKey(tx, {
      apiKeyId,
      name: 'Test service',
      keyHash: hashToken(secret),
      permissions: ['VIEW_PRODUCTS', 'VIEW_ORDERS'],
      expiresAt: undefined,
      createdBy: undefined,
    });
    await insertShippingMethod(tx, { shippingMethodId, name: 'Parcel', description: '', price: amount(SHIPPING) });
    await insertCredential(tx, key, credentialId, credential);
    await insertPaymentConfiguration(tx, { configId, providerName: 'sandbox', mode: 'test', credentialId });
    await enableAfterTest(tx, configId);
    await insertVersions(
      tx,
      made.map((product) => ({
        productId: product.productId,
        versionId: id<VersionId>(v7()),
        versionNumber: 1,
        content: contentOf(product.title, product.variants, code),
        variantIds: product.variants.map((v) => v.variantId),
        isNew: { slug: product.slug, stock: product.variants.map((v) => v.stock) },
      })),
      owner.adminId,
    );
    await insertCollections(tx, [
      {
        collectionId: v7(),
        slug: 'all-things',
        title: 'All things',
        description: '',
        position: 1,
        productIds: made.map((p) => p.productId),
      },
    ]);
    await publishNewest(
      tx,
      made.map((p) => p.productId),
      { actorId: owner.adminId, triggeredBy: 'admin' },
      () => v7(),
    );
  });
  return {
    site: {
      siteId,
      name: `The ${handle} shop`,
      status: 'active',
      handle,
      orderPrefix,
      isServedHere: true,
      primaryDomain: host,
    },
    siteId,
    handle,
    host,
    currency: code,
    owner: owner.adminId,
    configId,
    credential,
    shippingMethodId,
    shippingPrice: SHIPPING,
    products: made,
    apiKey: `souk_${apiKeyId}_${secret}`,
  };
}

const contentOf = (title: string, variants: readonly { readonly price: number }[], code: Currency) => ({
  title,
  shortDescription: '',
  detailedDescription: '<p>Good.</p>',
  inclusionDetails: '',
  exclusionDetails: '',
  optionNames: ['Size'],
  vendor: '',
  productType: '',
  tags: [],
  seoTitle: '',
  seoDescription: '',
  variants: variants.map((v, i) => ({
    options: [`size ${i + 1}`],
    sku: `SKU-${i + 1}`,
    price: { minorUnits: v.price, currency: code },
    compareAt: i === 0 ? { minorUnits: v.price + 100, currency: code } : undefined,
    weightGrams: 0,
    barcode: '',
    imageN: 0,
  })),
});

/** Writes and publishes a next version of a product, with other prices for its variants (minor units). */
export async function publishPrices(
  database: Database,
  site: Pick<TestSite, 'siteId' | 'currency' | 'owner'>,
  product: TestProduct,
  versionNumber: number,
  prices: readonly number[],
): Promise<void> {
  await withSite(database, site.siteId, async (tx) => {
    const content = contentOf(
      product.title,
      prices.map((price) => ({ price })),
      site.currency,
    );
    await insertVersions(
      tx,
      [
        {
          productId: product.productId,
          versionId: id<VersionId>(v7()),
          versionNumber,
          content,
          variantIds: product.variants.map((v) => v.variantId),
        },
      ],
      site.owner,
    );
    await publishNewest(tx, [product.productId], { actorId: site.owner, triggeredBy: 'admin' }, () => v7());
  });
}

/** An amount of minor units as a decimal, as forms and notices carry it. */
export const decimal = (minorUnits: number, code: Currency): string => toDecimal({ minorUnits, currency: code });
