import {
  PASSWORD_WORDS,
  SITE_COUNTRIES,
  SITE_LANGUAGES,
  type SiteCountry,
  type SiteLanguage,
  emailAddress,
  hostName,
  passwordFault,
  ratePerMillion,
  shopHost,
  siteHandle,
  taxNameOf,
} from '@souk/domain/identity';
import { type Money, currency } from '@souk/domain/shared';
import { z } from 'zod';
import type { Services } from '../services.ts';
import { Refused } from '../trpc/refusals.ts';
import { needed } from '../trpc/schemas.ts';
import { newPassword } from './chosen-password.ts';
import { deliveryPrice, isTimeZone } from './site-fields.ts';
import type { SiteOfForm } from './found-site.ts';
import type { Founding } from './set-up.ts';

/** Pieces a variant may fall to before the dashboard says so. */
const LOW_STOCK_AT = 3;

const SHIPPING_NAMES: Readonly<Record<SiteLanguage, string>> = { en: 'Standard delivery', de: 'Standardversand' };

const HANDLE_WORDS = {
  bad_handle: 'Use 3 to 32 small letters, digits and hyphens, beginning with a letter.',
  reserved_handle: 'Souk uses this one itself. Take another.',
} as const;

/** What somebody decides of a new site, as the form sends it: numbers as they were typed. */
const siteFields = {
  siteName: needed('The name of your site', 80),
  handle: z.string().max(100),
  country: z.string().max(10),
  currency: z.string().max(10),
  language: z.enum(SITE_LANGUAGES),
  timeZone: z.string().max(100),
  taxPercent: z.string().max(20),
  pricesIncludeTax: z.boolean(),
  shippingPrice: z.string().max(30),
};
export const newSiteInput = z.strictObject(siteFields);

/** What a founder decides: their account beside their first site. */
export const foundingInput = z.strictObject({
  token: z.string().max(100),
  name: needed('Your name', 100),
  email: z.string().max(1000),
  password: newPassword,
  ...siteFields,
});

type Origins = Pick<Services, 'adminOrigin' | 'apiOrigin' | 'sandboxOrigin'>;

/** Collects what is wrong, so that all of it is told at once. */
class Faults {
  readonly fields: Record<string, string> = {};
  wrong(field: string, message: string): undefined {
    this.fields[field] = message;
    return undefined;
  }
  refusal(): Refused {
    const [field = 'input', message = 'Something here is not valid.'] = Object.entries(this.fields)[0] ?? [];
    return new Refused({ code: 'wrong_field', message, field, fields: this.fields });
  }
}

/** Reads the site of a form; what is wrong with it is noted, and there is no site then. */
function siteOfForm(
  input: z.infer<typeof newSiteInput>,
  { adminOrigin, apiOrigin, sandboxOrigin }: Origins,
  faults: Faults,
): SiteOfForm | undefined {
  const parsedHandle = siteHandle(input.handle);
  const handle = parsedHandle.ok ? parsedHandle.value : faults.wrong('handle', HANDLE_WORDS[parsedHandle.refusal]);
  const host = handle && shopHost(handle, hostName(adminOrigin.host) ?? '');
  if (host && [adminOrigin, apiOrigin, sandboxOrigin].some((origin) => origin?.hostname === host))
    faults.wrong('handle', HANDLE_WORDS.reserved_handle);
  const country: SiteCountry | undefined =
    SITE_COUNTRIES.get(input.country) ?? faults.wrong('country', 'Choose a country.');
  const code = currency(input.currency) ?? faults.wrong('currency', 'Choose a currency.');
  if (!isTimeZone(input.timeZone)) faults.wrong('timeZone', 'Choose a time zone.');
  const rate =
    ratePerMillion(input.taxPercent) ??
    faults.wrong('taxPercent', 'Write the rate as a number between 0 and 100, such as 19.');
  const delivery = code && deliveryPrice(input.shippingPrice, code);
  const price: Money | undefined =
    delivery && !delivery.ok ? faults.wrong('shippingPrice', delivery.refusal) : delivery?.value;
  if (!handle || !host || !country || !code || rate === undefined || !price) return undefined;
  return {
    name: input.siteName,
    handle,
    host,
    currency: code,
    pricesIncludeTax: input.pricesIncludeTax,
    locale: `${input.language}-${country.code}`,
    timeZone: input.timeZone,
    country: country.code,
    theme: 'aurora',
    contactEmail: undefined,
    lowStockAt: LOW_STOCK_AT,
    tax: { name: taxNameOf(country, input.language), ratePerMillion: rate },
    shipping: { name: SHIPPING_NAMES[input.language], description: '', price },
  };
}

/**
 * Reads what was decided of a new site, whole, so that everything that is wrong is told at once.
 * @throws Refused wrong_field with words for each field.
 */
export function newSiteOf(input: z.infer<typeof newSiteInput>, origins: Origins): SiteOfForm {
  const faults = new Faults();
  const site = siteOfForm(input, origins, faults);
  if (!site || Object.keys(faults.fields).length > 0) throw faults.refusal();
  return site;
}

/**
 * Reads what a founder has decided, account and site, whole, so that everything that is wrong is told at once.
 * @throws Refused wrong_field with words for each field.
 */
export function foundingOf(input: z.infer<typeof foundingInput>, origins: Origins): Founding {
  const faults = new Faults();
  const parsedEmail = emailAddress(input.email);
  const email = parsedEmail.ok
    ? parsedEmail.value
    : faults.wrong('email', 'This does not look like an e-mail address.');
  const fault = passwordFault(input.password, [input.name, input.email, input.siteName, input.handle]);
  if (fault) faults.wrong('password', PASSWORD_WORDS[fault]);
  const site = siteOfForm(input, origins, faults);
  if (!site || !email || Object.keys(faults.fields).length > 0) throw faults.refusal();
  return { token: input.token, account: { name: input.name, email, password: input.password }, site };
}
