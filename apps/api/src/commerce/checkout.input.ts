import { emailAddress } from '@souk/domain/identity';
import { isUuid, tidy } from '@souk/domain/shared';
import { z } from 'zod';

const CONTROL = /[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/u;

const line = (what: string, max: number) =>
  z
    .string()
    .max(max * 4, `${what} is too long: ${max} characters at most.`)
    .refine((text) => !CONTROL.test(text), `${what} contains characters that cannot be printed.`)
    .transform(tidy)
    .refine((text) => text.length <= max, `${what} is too long: ${max} characters at most.`);

const needed = (what: string, max: number) => line(what, max).refine((text) => text !== '', `${what} is missing.`);

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
