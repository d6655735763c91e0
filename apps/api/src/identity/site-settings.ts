import type { SiteTransaction } from '@souk/db';
import { listActions } from '@souk/db/activity';
import { repriceShipping } from '@souk/db/commerce';
import { moveSlugs } from '@souk/db/content';
import {
  type SettingsNow,
  isTimeZoneKnown,
  listMembers,
  lockSettings,
  readSettings,
  saveSettings,
} from '@souk/db/identity';
import {
  type FixedBecause,
  LOW_STOCK_MAX,
  SITE_COUNTRIES,
  SITE_LANGUAGES,
  SITE_THEMES,
  type SiteSettings,
  changedSettings,
  emailAddress,
  fixedSettings,
  languageOf,
  localeAfter,
} from '@souk/domain/identity';
import { type Money, currency } from '@souk/domain/shared';
import { z } from 'zod';
import type { Services } from '../services.ts';
import type { SiteAccess } from '../trpc/context.ts';
import { Refused } from '../trpc/refusals.ts';
import { line, needed } from '../trpc/schemas.ts';
import { deliveryPrice, isTimeZone } from './site-fields.ts';

/** The settings as the form shows and sends them: numbers as they were typed. */
const fields = {
  name: needed('The name of the site', 80),
  language: z.enum(SITE_LANGUAGES),
  country: z.string().max(10),
  timeZone: z.string().max(100),
  contactEmail: line('The address', 254),
  lowStockAt: z.string().max(20),
  theme: z.enum(SITE_THEMES),
  currency: z.string().max(10),
  pricesIncludeTax: z.boolean(),
};

export const settingsInput = z.strictObject({
  ...fields,
  version: z.int(),
  /** What delivery costs from now on; asked for where the currency changes, since prices are in it. */
  shippingPrice: z.string().max(30).optional(),
});
type SettingsInput = z.infer<typeof settingsInput>;

const fixed = z.enum(['priced', 'published']).optional();
export const settingsOutput = z.strictObject({
  version: z.int(),
  changedAt: z.date(),
  settings: z.strictObject({ ...fields, name: z.string(), contactEmail: z.string() }),
  /** What cannot change any more, and because of what. */
  fixed: z.strictObject({ currency: fixed, pricesIncludeTax: fixed }),
});
type SettingsOutput = z.infer<typeof settingsOutput>;

function outputOf({ version, changedAt, settings, has }: SettingsNow): SettingsOutput {
  const { locale, contactEmail = '', lowStockAt, ...rest } = settings;
  return {
    version,
    changedAt,
    settings: { ...rest, language: languageOf(locale), contactEmail, lowStockAt: String(lowStockAt) },
    fixed: fixedSettings(has),
  };
}

/** The settings of a site as its form shows them. */
export const settingsOf = async (site: SiteAccess): Promise<SettingsOutput> => outputOf(await site.read(readSettings));

const WORDS: Readonly<Record<FixedBecause, string>> = {
  priced: 'There are products with prices in it, so it stays.',
  published: 'Buyers have seen prices that way, so it stays.',
};

/** What the caller wants the settings to be, with what delivery costs then; and what is wrong with it, by field. */
function wantedOf(input: SettingsInput, { settings: before, has }: SettingsNow) {
  const wrong: Record<string, string> = {};
  if (!SITE_COUNTRIES.has(input.country)) wrong.country = 'Choose a country.';
  if (!isTimeZone(input.timeZone)) wrong.timeZone = 'Choose a time zone.';
  const contact = input.contactEmail === '' ? undefined : emailAddress(input.contactEmail);
  if (contact && !contact.ok) wrong.contactEmail = 'This does not look like an e-mail address.';
  const lowStockAt = /^\d{1,6}$/.test(input.lowStockAt.trim()) ? Number(input.lowStockAt) : Number.NaN;
  if (!(lowStockAt <= LOW_STOCK_MAX))
    wrong.lowStockAt = `Write a whole number between 0 and ${LOW_STOCK_MAX.toLocaleString('en')}.`;
  const code = currency(input.currency);
  if (!code) wrong.currency = 'Choose a currency.';
  const stays = fixedSettings(has);
  const movesCurrency = code !== undefined && code !== before.currency;
  if (movesCurrency && stays.currency) wrong.currency = WORDS[stays.currency];
  if (input.pricesIncludeTax !== before.pricesIncludeTax && stays.pricesIncludeTax)
    wrong.pricesIncludeTax = WORDS[stays.pricesIncludeTax];
  const delivery = movesCurrency ? deliveryPrice(input.shippingPrice ?? '', code) : undefined;
  if (delivery && !delivery.ok) wrong.shippingPrice = delivery.refusal;
  const settings: SiteSettings = {
    name: input.name,
    locale: localeAfter(before, input),
    country: input.country,
    timeZone: input.timeZone,
    contactEmail: contact?.ok ? contact.value : undefined,
    lowStockAt,
    theme: input.theme,
    currency: code ?? before.currency,
    pricesIncludeTax: input.pricesIncludeTax,
  };
  const price: Money | undefined = delivery?.ok ? delivery.value : undefined;
  return { settings, price, wrong };
}

const wrongFields = (wrong: Readonly<Record<string, string>>): Refused => {
  const [field = 'input', message = 'Something here is not valid.'] = Object.entries(wrong)[0] ?? [];
  return new Refused({ code: 'wrong_field', message, field, fields: wrong });
};

/** Somebody has saved since: what stands there now, and whose it is. */
class Overtaken extends Error {
  readonly now: SettingsOutput;
  readonly changedBy: string | undefined;
  constructor(now: SettingsOutput, changedBy: string | undefined) {
    super('the settings are newer');
    this.now = now;
    this.changedBy = changedBy;
  }
}

/** The address is somebody's: the log says that it changed, not what it is (G6). */
const loggable = ({ contactEmail, ...rest }: Partial<SiteSettings>, has: boolean) =>
  has ? { ...rest, contactEmail: contactEmail === undefined ? 'none' : 'an address' } : rest;

async function change(tx: SiteTransaction, site: SiteAccess, input: SettingsInput) {
  // What others point to is held only where it may move: no checkout waits for a new name.
  const seen = await readSettings(tx);
  const keys = input.currency !== seen.settings.currency || input.pricesIncludeTax !== seen.settings.pricesIncludeTax;
  const now = await lockSettings(tx, { keys });
  if (now.version !== input.version) {
    const [last] = (await listActions(tx, { entityId: site.siteId, limit: 1 })).rows;
    throw new Overtaken(outputOf(now), last?.action === 'site.update' ? last.actorId : undefined);
  }
  const { settings, price, wrong } = wantedOf(input, now);
  if (wrong.timeZone === undefined && settings.timeZone !== now.settings.timeZone)
    if (!(await isTimeZoneKnown(tx, settings.timeZone)))
      wrong.timeZone = 'The database does not know this one. Choose another.';
  if (Object.keys(wrong).length > 0) throw wrongFields(wrong);
  if (settings.locale !== now.settings.locale) moveSlugs(tx, now.settings.locale, settings.locale);
  if (price) repriceShipping(tx, price);
  saveSettings(tx, settings);
  const { before, after } = changedSettings(now.settings, settings);
  const hasContact = 'contactEmail' in after;
  return {
    value: { version: now.version + 1 },
    entityType: 'site_configuration',
    entityId: site.siteId,
    before: loggable(before, hasContact),
    after: loggable(after, hasContact),
  };
}

/**
 * Changes the settings of a site (V1).
 * @throws Refused stale_version with what stands there now and who wrote it; wrong_field with words for each field.
 */
export async function changeSettings(
  services: Services,
  site: SiteAccess,
  input: SettingsInput,
): Promise<{ version: number }> {
  try {
    return await site.write((tx) => change(tx, site, input));
  } catch (error) {
    if (!(error instanceof Overtaken)) throw error;
    const members = await listMembers(services.database, site.siteId);
    const changedBy = members.find((m) => m.adminId === error.changedBy)?.name;
    throw new Refused({
      code: 'stale_version',
      message: `${changedBy ?? 'Somebody'} has saved these settings since you opened them. Look at both, then save again.`,
      facts: { yours: input.version, now: error.now.version, theirs: error.now, changedBy },
    });
  }
}
