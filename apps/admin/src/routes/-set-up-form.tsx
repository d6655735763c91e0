import { PASSWORD_WORDS, SITE_COUNTRIES, handleFrom, passwordFault, shopHost, siteHandle } from '@souk/domain/identity';
import { Button, Checkbox, LongSelect, Notice, Select, TextField } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useMemo, useRef, useState } from 'react';
import type { Api } from '../api.ts';
import { NewPasswordField } from '../components/new-password-field.tsx';
import { FieldGroup, LANGUAGES, countryOptions, currencyOptions, timeZoneOptions } from '../components/site-fields.tsx';
import { useKept } from '../kept.ts';
import { refusalOf, wordsOf } from '../refusal.ts';
import { guessFor, timeZonesOf, usualIn } from '../site-guesses.ts';

/** Everything but the password, which is kept nowhere. */
type Typed = {
  readonly name: string;
  readonly email: string;
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
type Errors = Readonly<Record<string, string | undefined>>;

function firstGuess(): Typed {
  const guesses = guessFor({
    languages: navigator.languages,
    timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
  });
  return { name: '', email: '', siteName: '', handle: '', shippingPrice: '0', own: [], ...guesses };
}

/** Account, site and how it sells, on one page. Guesses follow what they are guessed from until somebody sets them. */
export function SetUpForm({
  api,
  token,
  onDone,
  onDead,
}: {
  readonly api: Api;
  readonly token: string;
  readonly onDone: (handle: string) => void;
  readonly onDead: () => void;
}) {
  const [guess] = useState(firstGuess);
  const [typed, keep, forget] = useKept('set-up', guess);
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  /** What the server said of fields that have not been changed since. */
  const [said, setSaid] = useState<Errors>({});
  const form = useRef<HTMLFormElement>(null);
  const finish = useMutation(
    api.setUp.finish.mutationOptions({
      onSuccess: ({ handle }) => {
        forget();
        onDone(handle);
      },
    }),
  );

  const countries = useMemo(() => countryOptions(), []);
  const currencies = useMemo(() => currencyOptions(), []);
  const timeZones = useMemo(() => timeZoneOptions(typed.timeZone), [typed.timeZone]);

  const change = (field: string, part: Partial<Typed>): void => {
    setSaid((before) => ({ ...before, [field]: undefined }));
    keep({ ...part, own: [...new Set([...typed.own, field])] });
  };
  const guessed = <Part extends Partial<Typed>>(part: Part): Partial<Typed> =>
    Object.fromEntries(Object.entries(part).filter(([field]) => !typed.own.includes(field)));

  const chooseCountry = (country: string): void => {
    const usual = SITE_COUNTRIES.get(country);
    const zones = timeZonesOf(country);
    change('country', {
      country,
      ...(usual ? guessed(usualIn(usual)) : {}),
      ...(zones[0] !== undefined && !zones.includes(typed.timeZone) ? guessed({ timeZone: zones[0] }) : {}),
    });
  };

  const fault = passwordFault(password, [typed.name, typed.email, typed.siteName, typed.handle]);
  const missing: Errors = {
    name: typed.name.trim() === '' ? 'Say what we may call you.' : undefined,
    email: typed.email.trim() === '' ? 'You sign in with it.' : undefined,
    password: fault && PASSWORD_WORDS[fault],
    siteName: typed.siteName.trim() === '' ? 'Give it a name; it stands on top of your shop.' : undefined,
    handle: siteHandle(typed.handle).ok
      ? undefined
      : 'Use 3 to 32 small letters, digits and hyphens, beginning with a letter.',
  };
  const errorOf = (field: string): string | undefined => said[field] ?? (tried ? missing[field] : undefined);

  const focusFirstError = (): void =>
    void requestAnimationFrame(() =>
      form.current?.querySelector<HTMLElement>('input[data-invalid], select[data-invalid]')?.focus(),
    );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (Object.values(missing).some((words) => words !== undefined)) return focusFirstError();
    const { own: _own, ...values } = typed;
    finish.mutate(
      { token, password, ...values },
      {
        onError: (error) => {
          const refusal = refusalOf(error);
          if (refusal?.code === 'link_is_dead') return onDead();
          setSaid(refusal?.fields ?? {});
          focusFirstError();
        },
      },
    );
  };

  const address = siteHandle(typed.handle);
  const port = window.location.port === '' ? '' : `:${window.location.port}`;
  const wrongFields = refusalOf(finish.error)?.fields;

  return (
    <form ref={form} onSubmit={submit} noValidate aria-label="Set up Souk" className="flex flex-col gap-4">
      <FieldGroup title="You" words="You own the site and run this installation. Others come by invitation.">
        <TextField
          label="Your name"
          name="name"
          autoComplete="name"
          value={typed.name}
          onValueChange={(name) => change('name', { name })}
          error={errorOf('name')}
          autoFocus
        />
        <TextField
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          spellCheck={false}
          value={typed.email}
          onValueChange={(email) => change('email', { email })}
          error={errorOf('email')}
        />
        <NewPasswordField
          className="sm:col-span-2"
          value={password}
          onValueChange={(next) => {
            setPassword(next);
            setSaid((before) => ({ ...before, password: undefined }));
          }}
          error={errorOf('password')}
        />
      </FieldGroup>

      <FieldGroup title="Your first site" words="Guessed from your browser where we could. Look it over.">
        <TextField
          label="Name of the site"
          name="siteName"
          autoComplete="organization"
          value={typed.siteName}
          onValueChange={(siteName) => change('siteName', { siteName, ...guessed({ handle: handleFrom(siteName) }) })}
          error={errorOf('siteName')}
        />
        <TextField
          label="Short name for addresses"
          name="handle"
          spellCheck={false}
          autoCapitalize="none"
          value={typed.handle}
          onValueChange={(handle) => change('handle', { handle: handle.toLowerCase() })}
          error={errorOf('handle')}
          help={
            address.ok
              ? `Your shop is at ${shopHost(address.value, window.location.hostname)}${port}. This never changes.`
              : 'It never changes.'
          }
        />
        <LongSelect
          label="Country"
          name="country"
          value={typed.country}
          options={countries}
          onChange={chooseCountry}
          error={errorOf('country')}
        />
        <LongSelect
          label="Currency"
          name="currency"
          value={typed.currency}
          options={currencies}
          onChange={(currency) => change('currency', { currency })}
          error={errorOf('currency')}
          help="The one you sell in. It never changes."
        />
        <Select
          label="Language of the shop"
          value={typed.language}
          options={LANGUAGES}
          onChange={(language) => change('language', { language })}
        />
        <LongSelect
          label="Time zone"
          name="timeZone"
          value={typed.timeZone}
          options={timeZones}
          onChange={(timeZone) => change('timeZone', { timeZone })}
          error={errorOf('timeZone')}
          help="Days in your figures begin at midnight there."
        />
      </FieldGroup>

      <FieldGroup title="Tax and delivery" words="The usual tax of the country, and one price for every parcel.">
        <TextField
          label="Tax on what you sell, in %"
          name="taxPercent"
          inputMode="decimal"
          autoComplete="off"
          value={typed.taxPercent}
          onValueChange={(taxPercent) => change('taxPercent', { taxPercent })}
          error={errorOf('taxPercent')}
          help="0 if you do not charge any."
        />
        <TextField
          label={`Delivery, in ${typed.currency}`}
          name="shippingPrice"
          inputMode="decimal"
          autoComplete="off"
          value={typed.shippingPrice}
          onValueChange={(shippingPrice) => change('shippingPrice', { shippingPrice })}
          error={errorOf('shippingPrice')}
          help="0 is free delivery."
        />
        <Checkbox
          className="sm:col-span-2"
          checked={typed.pricesIncludeTax}
          onChange={(pricesIncludeTax) => change('pricesIncludeTax', { pricesIncludeTax })}
          label="The prices I write include the tax"
        />
      </FieldGroup>

      {finish.error && !wrongFields && <Notice tone="danger">{wordsOf(finish.error)}</Notice>}
      {wrongFields && <Notice tone="danger">Something above is not right yet. Nothing was made.</Notice>}
      <div className="flex justify-end">
        <Button
          type="submit"
          variant="primary"
          busyLabel={finish.isPending && 'Setting up …'}
          className="max-sm:w-full"
        >
          Create account and site
        </Button>
      </div>
    </form>
  );
}
