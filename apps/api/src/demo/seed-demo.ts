import { randomBytes } from 'node:crypto';
import { insertAccount, insertFirstOperator, listAllSites } from '@souk/db/identity';
import { type AdminId, id } from '@souk/domain/shared';
import { hashPassword } from '../identity/password.ts';
import type { Services } from '../services.ts';
import { makeDemoOrders } from './demo-orders.ts';
import { demoPictures, keepDemoPictures } from './demo-pictures.ts';
import { DEMO_PLANS, type DemoSite, makeDemoSite } from './demo-sites.ts';

export type DemoAccess = {
  readonly email: string;
  readonly password: string;
  readonly sites: readonly { readonly handle: string; readonly name: string; readonly apiKey: string }[];
  readonly orders: number;
};

const DAY_MS = 86_400_000;

/** A password that is easy to type and hard to guess: 80 random bits. */
export const newDemoPassword = (): string => (randomBytes(10).toString('hex').match(/.{5}/g) ?? []).join('-');

/** Two demo shops with products, pictures and ninety days of orders, always the same but for ids, secrets and today's date. */
export async function seedDemo(
  services: Services,
  { email, password, days = 90 }: { email: string; password: string; days?: number },
): Promise<DemoAccess> {
  const today = services.now();
  const opened = new Date(today.getTime() - (days + 5) * DAY_MS);
  const adminId = await insertAccount(services.database, {
    adminId: id<AdminId>(services.newId(opened)),
    email,
    name: 'Demo Owner',
    passwordHash: await hashPassword(password),
    at: opened,
  });
  if (!adminId) throw new Error(`there is an account for ${email} already`);
  await insertFirstOperator(services.database, adminId, opened);
  const sites: DemoSite[] = [];
  for (const plan of DEMO_PLANS) sites.push(await makeDemoSite(services, plan, adminId, opened));
  const shops = sites.map(({ site, pictures }) => ({ siteId: site.siteId, pictures }));
  const firstPictures = keepDemoPictures(services.home, shops, 'first');
  const orders = await Promise.all(sites.map((site, i) => makeDemoOrders(services, site, adminId, today, 20_261 + i)));
  await firstPictures;
  return {
    email,
    password,
    sites: sites.map(({ plan, apiKey }) => ({ handle: plan.handle, name: plan.name, apiKey })),
    orders: orders.reduce((sum, made) => sum + made, 0),
  };
}

/** Keeps the pictures that seeding left for later; to be called again when it was broken off. */
export async function finishDemoPictures(services: Services): Promise<void> {
  const sites = await listAllSites(services.database);
  const shops = DEMO_PLANS.flatMap((plan) => {
    const site = sites.find((s) => s.handle === plan.handle);
    return site ? [{ siteId: site.siteId, pictures: demoPictures(plan.catalogue) }] : [];
  });
  await keepDemoPictures(services.home, shops, 'all');
}
