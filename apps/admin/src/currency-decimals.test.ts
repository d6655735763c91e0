import { CURRENCIES, currency, decimalsOf as decimalsOfDomain } from '@souk/domain/shared';
import { decimalsOf } from '@souk/ui/admin/money-format';
import { expect, test } from 'vitest';

// The components know nothing of the domain: that both mean the same by an amount is held here, where they meet.
test.each([...CURRENCIES])('%s is shown with the decimals it is kept with', (code) => {
  const known = currency(code);
  expect(known && decimalsOfDomain(known)).toBe(decimalsOf(code));
});
