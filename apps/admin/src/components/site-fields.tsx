import { SITE_COUNTRIES } from '@souk/domain/identity';
import { CURRENCIES } from '@souk/domain/shared';
import { Card } from '@souk/ui/admin';
import type { ReactNode } from 'react';
import { readerLocale } from '../language.ts';

/** Languages that a shop's own words exist in, by their own names. */
export const LANGUAGES = [
  { value: 'en', label: 'English' },
  { value: 'de', label: 'Deutsch' },
] as const;

type Option = { readonly value: string; readonly label: string };

const byLabel = (a: Option, b: Option): number => a.label.localeCompare(b.label, readerLocale());

function optionsOf(kind: 'region' | 'currency', codes: readonly string[]): readonly Option[] {
  const names = new Intl.DisplayNames([readerLocale()], { type: kind });
  return codes
    .map((code) => ({
      value: code,
      label: kind === 'region' ? (names.of(code) ?? code) : `${names.of(code)} (${code})`,
    }))
    .toSorted(byLabel);
}

/** Countries a site can be at home in, by name. */
export const countryOptions = (): readonly Option[] => optionsOf('region', [...SITE_COUNTRIES.keys()]);

/** Currencies a site can sell in, by name. */
export const currencyOptions = (): readonly Option[] => optionsOf('currency', CURRENCIES);

/** Time zones that this browser knows, and the one that is chosen. */
export const timeZoneOptions = (chosen: string): readonly Option[] =>
  [...new Set([chosen, ...Intl.supportedValuesOf('timeZone')])]
    .map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))
    .toSorted(byLabel);

/** The label of a value among options; the value itself where it is none of them. */
export const labelIn = (options: readonly Option[], value: string): string =>
  options.find((option) => option.value === value)?.label ?? value;

/** Fields that belong together, with one sentence why. */
export const FieldGroup = ({
  title,
  words,
  children,
}: {
  readonly title: string;
  readonly words: string;
  readonly children: ReactNode;
}) => (
  <Card title={title}>
    <p className="-mt-1 mb-4 text-13 text-ink-soft">{words}</p>
    <div className="grid gap-4 sm:grid-cols-2">{children}</div>
  </Card>
);
