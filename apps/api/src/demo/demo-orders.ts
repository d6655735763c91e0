import { randomBytes } from 'node:crypto';
import { withSite } from '@souk/db';
import { setOnHand } from '@souk/db/catalog';
import { findOffer, findOrder, listShippingMethods, lockCart, putIntoCart } from '@souk/db/commerce';
import { findPaymentCredential } from '@souk/db/integrations';
import { computeTotals } from '@souk/domain/commerce';
import { type AdminId, type Money, toDecimal } from '@souk/domain/shared';
import { Webhook } from 'standardwebhooks';
import { submitOrder } from '../commerce/checkout.ts';
import { receiveNotice } from '../commerce/notices.ts';
import { expireOrder, fulfilOrder } from '../commerce/order-actions.ts';
import type { PaymentProvider } from '../integrations/payment-provider.ts';
import type { Services } from '../services.ts';
import type { DemoSite } from './demo-sites.ts';
import { seededRandom } from './random.ts';

const BUYERS = {
  aurora: {
    country: 'DE',
    names: [
      'Lena Hoffmann',
      'Jonas Weber',
      'Mia Schäfer',
      'Paul Brandt',
      'Clara Voigt',
      'Emil Krüger',
      'Ida Neumann',
      'Ben Sommer',
      'Frieda Lang',
      'Oskar Winter',
    ],
    places: [
      ['Berlin', '10115'],
      ['Hamburg', '20095'],
      ['Köln', '50667'],
      ['Leipzig', '04109'],
      ['Wien', '1010'],
    ],
  },
  kumo: {
    country: 'JP',
    names: [
      'Haruto Sato',
      'Yui Suzuki',
      'Ren Takahashi',
      'Aoi Tanaka',
      'Sota Ito',
      'Hina Watanabe',
      'Yuto Kobayashi',
      'Mei Kato',
    ],
    places: [
      ['Tokyo', '150-0001'],
      ['Osaka', '530-0001'],
      ['Kyoto', '600-8001'],
      ['Sapporo', '060-0001'],
    ],
  },
} as const;

const STREETS = ['Lindenweg', 'Marktstraße', 'Am Ufer', 'Jingumae', 'Umeda', 'Kawaramachi'];
const DAY_MS = 86_400_000;
const DAYS = 90;

/**
 * Ninety days of orders, made by the functions that make real ones: carts are filled, checked out, paid by signed notices,
 * sent, failed, left. Only the clock is set back, and the provider is asked nothing while it runs.
 */
export async function makeDemoOrders(
  services: Services,
  demo: DemoSite,
  adminId: AdminId,
  today: Date,
  seed: number,
): Promise<number> {
  const random = seededRandom(seed);
  const { site, plan, configId } = demo;
  const config = await withSite(services.database, site.siteId, (tx) =>
    findPaymentCredential(tx, services.key, configId),
  );
  const real = services.providers.get('sandbox');
  if (!config || !real) throw new Error('the demo site has no payment configuration');
  const webhook = new Webhook(config.credential.noticeSecret);
  // Sessions at the provider would be thousands of pages nobody opens; notices are verified and read by the real adapter.
  const quiet: PaymentProvider = {
    ...real,
    begin: (_credential, { paymentId }) =>
      Promise.resolve({
        providerReference: `demo_${paymentId}`,
        redirectUrl: services.shopOrigin(site.primaryDomain ?? ''),
      }),
  };
  let at = today;
  const clocked: Services = {
    ...services,
    now: () => at,
    newId: (when) => services.newId(when ?? at),
    providers: new Map([['sandbox', quiet]]),
  };
  const buyers = BUYERS[plan.theme];
  const [shipping] = await withSite(services.database, site.siteId, listShippingMethods);
  if (!shipping) throw new Error('the demo site has no way of sending');
  let made = 0;

  const notice = async (type: string, paymentId: string, amount: string, code: string): Promise<void> => {
    const eventId = `demo_${services.newId(at)}`;
    const body = JSON.stringify({
      type,
      id: eventId,
      data: { sessionId: 'demo', paymentId: 'demo', reference: paymentId, amount, currency: code, mode: 'test' },
    });
    const signedAt = new Date();
    const headers = {
      'webhook-id': eventId,
      'webhook-timestamp': String(Math.floor(signedAt.getTime() / 1000)),
      'webhook-signature': webhook.sign(eventId, signedAt, body),
    };
    if ((await receiveNotice(clocked, configId, headers, Buffer.from(body), at)) !== 'accepted')
      throw new Error('a demo notice was not accepted');
  };

  for (let day = DAYS; day >= 0; day -= 1) {
    // A gentle rise over the months, more at week-ends.
    const weekday = new Date(today.getTime() - day * DAY_MS).getUTCDay();
    const expected = 1.6 + ((DAYS - day) / DAYS) * 1.8 + (weekday === 0 || weekday === 6 ? 1.2 : 0);
    const orders = Math.floor(expected + random.next() * 1.6);
    const times = Array.from({ length: orders }, () => random.next()).toSorted((a, b) => a - b);
    for (const share of times) {
      at = new Date(today.getTime() - day * DAY_MS - (1 - share) * 20 * 3_600_000 - 3_600_000);
      const session = randomBytes(32);
      const lines = 1 + (random.next() < 0.35 ? 1 : 0) + (random.next() < 0.12 ? 1 : 0);
      const priced = await withSite(
        services.database,
        site.siteId,
        async (tx) => {
          const cart = await lockCart(tx, session, () => clocked.newId(at));
          const chosen = new Map<string, { unitPrice: Money; quantity: number }>();
          for (let i = 0; i < lines; i += 1) {
            const { variantId } = random.pick(demo.variants);
            const quantity = random.next() < 0.15 ? 2 : 1;
            if (chosen.has(variantId)) continue;
            const offer = await findOffer(tx, variantId);
            if (!offer || (await putIntoCart(tx, cart, variantId, { add: quantity }))) continue;
            chosen.set(variantId, { unitPrice: offer.price, quantity });
          }
          return [...chosen.values()];
        },
        at,
      );
      if (priced.length === 0) continue;
      const totals = computeTotals({
        currency: shipping.price.currency,
        lines: priced,
        shipping: shipping.price,
        rate: plan.tax.ratePerMillion,
        pricesIncludeTax: true,
      });
      const name = random.pick<string>(buyers.names);
      const [city = '', postalCode = ''] = random.pick<readonly string[]>(buyers.places);
      const total = toDecimal(totals.total);
      const placed = await submitOrder(
        clocked,
        site,
        session,
        {
          email: `${name
            .toLowerCase()
            .normalize('NFKD')
            .replace(/[^a-z ]/g, '')
            .replace(' ', '.')}@example.org` as Parameters<typeof submitOrder>[3]['email'],
          name,
          line1: `${random.pick(STREETS)} ${1 + random.below(80)}`,
          line2: '',
          city,
          postalCode,
          country: buyers.country,
          phone: '',
          shippingMethodId: shipping.shippingMethodId,
          paymentConfigId: configId,
          expectedTotal: total,
          idempotencyKey: `demo-${made}-${seed}`,
        },
        '',
      );
      made += 1;
      const order = await withSite(services.database, site.siteId, (tx) => findOrder(tx, { orderId: placed.orderId }));
      const paymentId = order?.payments[0]?.paymentId ?? '';
      const fate = random.next();
      at = new Date(at.getTime() + 90_000);
      if (fate < 0.05) {
        await notice('payment.failed', paymentId, total, shipping.price.currency);
        if (day > 1) {
          at = new Date(at.getTime() + DAY_MS);
          await expireOrder(clocked, site.siteId, placed.orderId);
        }
        continue;
      }
      if (fate < 0.09) {
        if (day > 0) {
          at = new Date(at.getTime() + 1_800_000);
          await expireOrder(clocked, site.siteId, placed.orderId);
        }
        continue;
      }
      await notice('payment.captured', paymentId, total, shipping.price.currency);
      if (day < 2 || (day < 4 && random.next() < 0.4)) continue;
      at = new Date(at.getTime() + (6 + random.below(30)) * 3_600_000);
      await withSite(
        services.database,
        site.siteId,
        async (tx) => {
          const now = await findOrder(tx, { orderId: placed.orderId });
          if (now)
            await fulfilOrder(
              clocked,
              tx,
              {
                orderId: now.orderId,
                version: now.version,
                carrier: plan.country === 'JP' ? 'Yamato' : 'DHL',
                trackingNumber: `${10_000_000 + random.below(89_999_999)}`,
              },
              { adminId },
            );
        },
        at,
      );
    }
  }
  await withSite(services.database, site.siteId, (tx) =>
    setOnHand(
      tx,
      demo.variants.map(({ variantId, stock }) => ({ variantId, onHand: stock })),
      'adjusted',
      adminId,
    ),
  );
  return made;
}
