import { randomBytes } from 'node:crypto';
import { insertAccount } from '@souk/db/identity';
import { type AdminId, id } from '@souk/domain/shared';
import { hashPassword } from '../identity/password.ts';
import type { Services } from '../services.ts';
import { makeDemoOrders } from './demo-orders.ts';
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
  const sites: DemoSite[] = [];
  for (const plan of DEMO_PLANS) sites.push(await makeDemoSite(services, plan, adminId, opened));
  const pictures = drawAll(sites.flatMap((site) => site.drawings));
  const orders = await Promise.all(sites.map((site, i) => makeDemoOrders(services, site, adminId, today, 20_261 + i)));
  await pictures;
  return {
    email,
    password,
    sites: sites.map(({ plan, apiKey }) => ({ handle: plan.handle, name: plan.name, apiKey })),
    orders: orders.reduce((sum, made) => sum + made, 0),
  };
}

/** Draws with two hands: more would only take turns on the same cores. */
async function drawAll(drawings: readonly (() => Promise<unknown>)[]): Promise<void> {
  const left = drawings.values();
  const hand = async (): Promise<void> => {
    for (const draw of left) await draw();
  };
  await Promise.all([hand(), hand()]);
}
