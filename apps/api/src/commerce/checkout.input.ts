import { emailAddress } from '@souk/domain/identity';
import { isUuid } from '@souk/domain/shared';
import { z } from 'zod';
import { line, needed } from '../trpc/schemas.ts';

export const uuid = (message = 'This is not a valid id.') => z.string().refine(isUuid, message);

/** The key that makes a submit happen once: made by the page, sent again with each try. */
export const idempotencyKey = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,100}$/, 'The idempotency key has 8 to 100 letters, digits, _ or -.');

/** What a buyer sends to order. `expectedTotal` is the total they last saw, as a decimal (O6). */
export const checkoutInput = z.strictObject({
  email: z
    .string()
    .max(1000)
    .transform((text, ctx) => {
      const parsed = emailAddress(text);
      if (parsed.ok) return parsed.value;
      ctx.addIssue({
        code: 'custom',
        message:
          text.trim() === ''
            ? 'E-mail is missing: your confirmation goes there.'
            : 'This does not look like an e-mail address.',
      });
      return z.NEVER;
    }),
  name: needed('Name', 100),
  line1: needed('Street and number', 120),
  line2: line('The second address line', 120).default(''),
  city: needed('City', 80),
  postalCode: needed('Postal code', 20),
  country: z.string().regex(/^[A-Z]{2}$/, 'Choose a country.'),
  phone: line('Phone', 40).default(''),
  shippingMethodId: uuid('Choose how it should be sent.'),
  paymentConfigId: uuid('Choose how you want to pay.'),
  expectedTotal: z.string().regex(/^\d{1,15}(\.\d{1,4})?$/, 'The total is not a number.'),
  idempotencyKey,
});

export type CheckoutInput = z.infer<typeof checkoutInput>;
