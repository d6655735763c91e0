import { First } from './20261125000000-first.ts';
import { CheckoutLimits } from './20261126000000-checkout-limits.ts';
import { CartsOfSession } from './20261128000000-carts-of-session.ts';
import { SignInTries } from './20261127000000-sign-in-tries.ts';

/** All migrations in their order. A name, once released, never changes. */
export const migrations = [
  { name: '20261125000000-first', class: First },
  { name: '20261126000000-checkout-limits', class: CheckoutLimits },
  { name: '20261127000000-sign-in-tries', class: SignInTries },
  { name: '20261128000000-carts-of-session', class: CartsOfSession },
];
