import { i18n } from '../words.ts';
import { SITE_COUNTRIES, handleFrom, shopHost, siteHandle } from '@souk/domain/identity';
import { Checkbox, LongSelect, Select, TextField } from '@souk/ui/admin';
import { useMemo } from 'react';
import { guessFor, timeZonesOf, usualIn } from '../site-guesses.ts';
import { FieldGroup, LANGUAGES, countryOptions, currencyOptions, timeZoneOptions } from './site-fields.tsx';

/** A new site as it is typed. */
export type NewSiteTyped = {
  readonly siteName: string;
  readonly handle: string;
  readonly country: string;
  readonly currency: string;
  readonly language: 'en' | 'de';
  readonly timeZone: string;
  readonly taxPercent: string;
  readonly pricesIncludeTax: boolean;
  readonly shippingPrice: string;
  /** What the person has set themselves: no guess changes it any more. */
  readonly own: readonly string[];
};

/** What a browser lets guess of somebody's site. */
export const guessedSite = (): NewSiteTyped => ({
  siteName: '',
  handle: '',
  shippingPrice: '0',
  own: [],
  ...guessFor({
    languages: navigator.languages,
    timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
  }),
});

/** What is missing of it, by field. */
export const missingOfSite = (typed: NewSiteTyped): Readonly<Record<string, string | undefined>> => ({
  siteName: typed.siteName.trim() === '' ? i18n.t('Give it a name; it stands on top of your shop.') : undefined,
  handle: siteHandle(typed.handle).ok
    ? undefined
    : i18n.t('Use 3 to 32 small letters, digits and hyphens, beginning with a letter.'),
});

/** A new site and how it sells. Guesses follow what they are guessed from until somebody sets them. */
export function NewSiteFields({
  title,
  typed,
  onChange,
  errorOf,
  autoFocus = false,
}: {
  readonly title: string;
  readonly typed: NewSiteTyped;
  /** The field that was set, and all that changes with it. */
  readonly onChange: (field: string, part: Partial<NewSiteTyped>) => void;
  readonly errorOf: (field: string) => string | undefined;
  readonly autoFocus?: boolean;
}) {
  const countries = useMemo(() => countryOptions(), []);
  const currencies = useMemo(() => currencyOptions(), []);
  const timeZones = useMemo(() => timeZoneOptions(typed.timeZone), [typed.timeZone]);
  const guessed = <Part extends Partial<NewSiteTyped>>(part: Part): Partial<NewSiteTyped> =>
    Object.fromEntries(Object.entries(part).filter(([field]) => !typed.own.includes(field)));
  const chooseCountry = (country: string): void => {
    const usual = SITE_COUNTRIES.get(country);
    const zones = timeZonesOf(country);
    onChange('country', {
      country,
      ...(usual ? guessed(usualIn(usual)) : {}),
      ...(zones[0] !== undefined && !zones.includes(typed.timeZone) ? guessed({ timeZone: zones[0] }) : {}),
    });
  };
  const address = siteHandle(typed.handle);
  const port = window.location.port === '' ? '' : `:${window.location.port}`;
  return (
    <>
      <FieldGroup title={title} words={i18n.t('Guessed from your browser where we could. Look it over.')}>
        <TextField
          label={i18n.t('Name of the site')}
          name="siteName"
          autoComplete="organization"
          value={typed.siteName}
          onValueChange={(siteName) => onChange('siteName', { siteName, ...guessed({ handle: handleFrom(siteName) }) })}
          error={errorOf('siteName')}
          autoFocus={autoFocus}
        />
        <TextField
          label={i18n.t('Short name for addresses')}
          name="handle"
          spellCheck={false}
          autoCapitalize="none"
          value={typed.handle}
          onValueChange={(handle) => onChange('handle', { handle: handle.toLowerCase() })}
          error={errorOf('handle')}
          help={
            address.ok
              ? i18n.t('Your shop is at {shopHost}{port}. This never changes.', {
                  shopHost: shopHost(address.value, window.location.hostname),
                  port,
                })
              : i18n.t('It never changes.')
          }
        />
        <LongSelect
          label={i18n.t('Country')}
          name="country"
          value={typed.country}
          options={countries}
          onChange={chooseCountry}
          error={errorOf('country')}
        />
        <LongSelect
          label={i18n.t('Currency')}
          name="currency"
          value={typed.currency}
          options={currencies}
          onChange={(currency) => onChange('currency', { currency })}
          error={errorOf('currency')}
          help={i18n.t('The one you sell in. It stays with your first product.')}
        />
        <Select
          label={i18n.t('Language of the shop')}
          value={typed.language}
          options={LANGUAGES}
          onChange={(language) => onChange('language', { language })}
        />
        <LongSelect
          label={i18n.t('Time zone')}
          name="timeZone"
          value={typed.timeZone}
          options={timeZones}
          onChange={(timeZone) => onChange('timeZone', { timeZone })}
          error={errorOf('timeZone')}
          help={i18n.t('Days in your figures begin at midnight there.')}
        />
      </FieldGroup>

      <FieldGroup
        title={i18n.t('Tax and delivery')}
        words={i18n.t('The usual tax of the country, and one price for every parcel.')}
      >
        <TextField
          label={i18n.t('Tax on what you sell, in %')}
          name="taxPercent"
          inputMode="decimal"
          autoComplete="off"
          value={typed.taxPercent}
          onValueChange={(taxPercent) => onChange('taxPercent', { taxPercent })}
          error={errorOf('taxPercent')}
          help={i18n.t('0 if you do not charge any.')}
        />
        <TextField
          label={i18n.t('Delivery, in {currency}', { currency: typed.currency })}
          name="shippingPrice"
          inputMode="decimal"
          autoComplete="off"
          value={typed.shippingPrice}
          onValueChange={(shippingPrice) => onChange('shippingPrice', { shippingPrice })}
          error={errorOf('shippingPrice')}
          help={i18n.t('0 is free delivery.')}
        />
        <Checkbox
          className="sm:col-span-2"
          checked={typed.pricesIncludeTax}
          onChange={(pricesIncludeTax) => onChange('pricesIncludeTax', { pricesIncludeTax })}
          label={i18n.t('The prices I write include the tax')}
        />
      </FieldGroup>
    </>
  );
}
