import { randomBytes } from 'node:crypto';
import { insertAccount } from '@souk/db/identity';
import { type AdminId, id } from '@souk/domain/shared';
import { hashPassword } from '../identity/password.ts';
import type { Services } from '../services.ts';
import { makeDemoOrders } from './demo-orders.ts';
import { DEMO_PLANS, makeDemoSite } from './demo-sites.ts';

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
  const made = await Promise.all(
    DEMO_PLANS.map(async (plan, i) => {
      const demo = await makeDemoSite(services, plan, adminId, opened);
      return { demo, orders: await makeDemoOrders(services, demo, adminId, today, 20_261 + i) };
    }),
  );
  return {
    email,
    password,
    sites: made.map(({ demo }) => ({ handle: demo.plan.handle, name: demo.plan.name, apiKey: demo.apiKey })),
    orders: made.reduce((n, m) => n + m.orders, 0),
  };
}
