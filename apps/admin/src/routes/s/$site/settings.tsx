import { i18n } from '../../../words.ts';
import { SITE_COUNTRIES } from '@souk/domain/identity';
import {
  Checkbox,
  Fact,
  Facts,
  LongSelect,
  Notice,
  PageHeader,
  Segments,
  Select,
  TextField,
  toast,
} from '@souk/ui/admin';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute, useRouter } from '@tanstack/react-router';
import { type FormEvent, useMemo, useRef, useState } from 'react';
import { type Api, apiOf, queryClient } from '../../../api.ts';
import { ConflictDialog, type FieldWords } from '../../../components/conflict-dialog.tsx';
import { focusFirstError } from '../../../components/focus-first-error.ts';
import { ListSkeleton } from '../../../components/list-parts.tsx';
import {
  FieldGroup,
  LANGUAGES,
  countryOptions,
  currencyOptions,
  labelIn,
  timeZoneOptions,
} from '../../../components/site-fields.tsx';
import { differences } from '../../../components/three-way.ts';
import { SaveBar, UnsavedChanges } from '../../../components/unsaved-changes.tsx';
import { refusalOf, wordsOf } from '../../../refusal.ts';

const settingsOptions = (api: Api) => api.site.settings.queryOptions(undefined, { staleTime: 0 });
type Read = Awaited<ReturnType<Api['client']['site']['settings']['query']>>;
type Settings = Read['settings'];

export const Route = createFileRoute('/s/$site/settings')({
  loader: ({ context }) => context.queryClient.ensureQueryData(settingsOptions(context.api)),
  head: ({ match }) => ({ meta: [{ title: `${i18n.t('Settings')} · ${match.context.site?.name ?? ''}` }] }),
  pendingComponent: () => <ListSkeleton label={i18n.t('The settings are being loaded')} />,
  component: SettingsPage,
});

const THEMES = [
  { value: 'aurora', label: i18n.t('Aurora, warm and wide') },
  { value: 'kumo', label: i18n.t('Kumo, black on white') },
] as const;

const COUNTRIES = countryOptions();
const MONEY = currencyOptions();

const WORDS: FieldWords<Settings> = {
  name: { label: i18n.t('Name') },
  language: { label: i18n.t('Language of the shop'), show: (value) => labelIn(LANGUAGES, value) },
  country: { label: i18n.t('Country'), show: (value) => labelIn(COUNTRIES, value) },
  timeZone: { label: i18n.t('Time zone'), show: (value) => value.replaceAll('_', ' ') },
  contactEmail: { label: i18n.t('Contact e-mail') },
  lowStockAt: { label: i18n.t('Low stock from') },
  theme: { label: i18n.t('Look of the shop'), show: (value) => labelIn(THEMES, value) },
  currency: { label: i18n.t('Currency'), show: (value) => labelIn(MONEY, value) },
  pricesIncludeTax: {
    label: i18n.t('Prices'),
    show: (value) => (value ? i18n.t('include the tax') : i18n.t('come without the tax')),
  },
};

const FIXED_WORDS = {
  priced: i18n.t('It stays: the prices of your products are written in it.'),
  published: i18n.t('It stays: buyers have seen your prices that way, and orders are kept in it.'),
} as const;

function SettingsPage() {
  const { api, site } = Route.useRouteContext();
  const { data } = useSuspenseQuery(settingsOptions(api));
  return (
    <>
      <PageHeader title={i18n.t('Settings')}>
        {i18n.t('What holds for all of {siteName}.', { siteName: site.name })}
      </PageHeader>
      <SettingsForm key={site.handle} api={api} read={data} handle={site.handle} shopUrl={site.shopUrl} />
    </>
  );
}

function SettingsForm({
  api,
  read,
  handle,
  shopUrl,
}: {
  readonly api: Api;
  readonly read: Read;
  readonly handle: string;
  readonly shopUrl: string;
}) {
  const router = useRouter();
  const [base, setBase] = useState(read);
  const [draft, setDraft] = useState<Settings>(read.settings);
  const [shippingPrice, setShippingPrice] = useState('');
  const [theirs, setTheirs] = useState<{ read: Read; who: string | undefined }>();
  /** What the server said of fields that have not been changed since. */
  const [said, setSaid] = useState<Readonly<Record<string, string | undefined>>>({});
  const form = useRef<HTMLFormElement>(null);
  const dirty = differences(base.settings, draft, base.settings).length > 0;
  // What somebody else has saved is shown at once where nothing was typed over it.
  if (!dirty && read.version > base.version) {
    setBase(read);
    setDraft(read.settings);
  }
  const timeZones = useMemo(() => timeZoneOptions(draft.timeZone), [draft.timeZone]);
  const movesCurrency = draft.currency !== base.settings.currency;

  const update = useMutation(api.site.update.mutationOptions());
  const save = (settings: Settings, over: Read): void =>
    update.mutate(
      {
        ...settings,
        version: over.version,
        ...(settings.currency === over.settings.currency ? {} : { shippingPrice }),
      },
      {
        onSuccess: ({ version }) => {
          const now = { ...over, version, settings, changedAt: new Date().toISOString() };
          setTheirs(undefined);
          setBase(now);
          setDraft(settings);
          setShippingPrice('');
          setSaid({});
          queryClient.setQueryData(settingsOptions(api).queryKey, now);
          toast({ title: i18n.t('The settings are saved') });
          // Also what is on no screen now: the name stands in the frame, and in the list of sites.
          void Promise.all([
            queryClient.invalidateQueries({ ...api.site.get.queryFilter(), refetchType: 'all' }),
            queryClient.invalidateQueries({ ...apiOf(undefined).account.me.queryFilter(), refetchType: 'all' }),
          ]).then(() => router.invalidate());
        },
        onError: (error) => {
          const refusal = refusalOf(error);
          if (refusal?.code === 'stale_version') {
            const { theirs: now, changedBy } = refusal.facts as { theirs: Read; changedBy?: string };
            return setTheirs({ read: now, who: changedBy });
          }
          if (refusal?.fields) setTheirs(undefined);
          setSaid(refusal?.fields ?? {});
          focusFirstError(form.current);
        },
      },
    );
  const set = <Name extends keyof Settings>(name: Name, value: Settings[Name]): void => {
    setSaid((before) => ({ ...before, [name]: undefined }));
    setDraft((before) => ({ ...before, [name]: value }));
  };
  const errorOf = (name: string): string | undefined => said[name];
  const refusal = refusalOf(update.error);
  const isStale = refusal?.code === 'stale_version';

  return (
    <form
      ref={form}
      id="settings"
      noValidate
      aria-label={i18n.t('Settings of the site')}
      className="flex max-w-3xl flex-col gap-4"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        save(draft, base);
      }}
    >
      <FieldGroup title={i18n.t('The shop')} words={i18n.t('What your customers see.')}>
        <TextField
          label={i18n.t('Name')}
          name="siteName"
          autoComplete="off"
          value={draft.name}
          onValueChange={(name) => set('name', name)}
          error={errorOf('name')}
          help={i18n.t('It stands on top of your shop and in your mails.')}
        />
        <TextField
          label={i18n.t('Contact e-mail')}
          optional
          type="email"
          name="contactEmail"
          autoComplete="off"
          spellCheck={false}
          value={draft.contactEmail}
          onValueChange={(contactEmail) => set('contactEmail', contactEmail)}
          error={errorOf('contactEmail')}
          help={i18n.t('Shown in the shop, for questions about an order.')}
        />
        <Select
          label={i18n.t('Language of the shop')}
          value={draft.language}
          options={LANGUAGES}
          onChange={(language) => set('language', language)}
          help={i18n.t('Of its buttons, messages and mails. What you have written yourself stays as it is.')}
        />
        <div className="flex flex-col gap-1.5">
          <span className="text-13 font-medium">{i18n.t('Look of the shop')}</span>
          <Segments
            label={i18n.t('Look of the shop')}
            value={draft.theme}
            options={THEMES}
            onChange={(theme) => set('theme', theme)}
          />
        </div>
      </FieldGroup>

      <FieldGroup title={i18n.t('Place and time')} words={i18n.t('Where the business is at home.')}>
        <LongSelect
          label={i18n.t('Country')}
          name="country"
          value={draft.country}
          options={
            SITE_COUNTRIES.has(draft.country)
              ? COUNTRIES
              : [...COUNTRIES, { value: draft.country, label: draft.country }]
          }
          onChange={(country) => set('country', country)}
          error={errorOf('country')}
          help={i18n.t('Chosen first in the checkout. The tax on what you sell stays as it is.')}
        />
        <LongSelect
          label={i18n.t('Time zone')}
          name="timeZone"
          value={draft.timeZone}
          options={timeZones}
          onChange={(timeZone) => set('timeZone', timeZone)}
          error={errorOf('timeZone')}
          help={i18n.t('Days in your figures begin at midnight there.')}
        />
      </FieldGroup>

      <FieldGroup title={i18n.t('Stock')} words={i18n.t('When the dashboard warns you.')}>
        <TextField
          label={i18n.t('Low stock from')}
          name="lowStockAt"
          inputMode="numeric"
          autoComplete="off"
          value={draft.lowStockAt}
          onValueChange={(lowStockAt) => set('lowStockAt', lowStockAt)}
          error={errorOf('lowStockAt')}
          help={i18n.t('Pieces left of a variant. 0 warns when the last one is sold.')}
        />
      </FieldGroup>

      <FieldGroup
        title={i18n.t('Prices')}
        words={i18n.t('How your prices are meant. These two do not change once buyers have seen them.')}
      >
        {base.fixed.currency ? (
          <FixedSetting
            label={i18n.t('Currency')}
            value={labelIn(MONEY, base.settings.currency)}
            why={FIXED_WORDS[base.fixed.currency]}
          />
        ) : (
          <LongSelect
            label={i18n.t('Currency')}
            name="currency"
            value={draft.currency}
            options={MONEY}
            onChange={(currency) => set('currency', currency)}
            error={errorOf('currency')}
            help={i18n.t('The one you sell in. It stays with your first product.')}
          />
        )}
        {base.fixed.pricesIncludeTax ? (
          <FixedSetting
            label={i18n.t('Tax')}
            value={
              base.settings.pricesIncludeTax
                ? i18n.t('Prices include the tax')
                : i18n.t('Tax comes on top of the prices')
            }
            why={i18n.t('It stays: buyers have seen your prices that way.')}
          />
        ) : (
          <Checkbox
            className="self-center"
            checked={draft.pricesIncludeTax}
            onChange={(pricesIncludeTax) => set('pricesIncludeTax', pricesIncludeTax)}
            label={i18n.t('The prices I write include the tax')}
          />
        )}
        {movesCurrency && (
          <TextField
            label={i18n.t('Delivery, in {currency}', { currency: draft.currency })}
            name="shippingPrice"
            inputMode="decimal"
            autoComplete="off"
            value={shippingPrice}
            onValueChange={(price) => {
              setShippingPrice(price);
              setSaid((before) => ({ ...before, shippingPrice: undefined }));
            }}
            error={errorOf('shippingPrice')}
            help={i18n.t('What a parcel costs was written in {currency}. Write it anew; 0 is free delivery.', {
              currency: base.settings.currency,
            })}
          />
        )}
      </FieldGroup>

      <FieldGroup
        title={i18n.t('Addresses')}
        words={i18n.t('The short name was given on the first day of the site and never changes.')}
      >
        <div className="sm:col-span-2">
          <Facts>
            <Fact name={i18n.t('Short name')}>{handle}</Fact>
            <Fact name={i18n.t('Shop')}>{new URL(shopUrl).host}</Fact>
          </Facts>
        </div>
      </FieldGroup>

      {update.error && !isStale && (
        <Notice tone="danger">
          {refusal?.fields ? i18n.t('Something above is not right yet. Nothing was saved.') : wordsOf(update.error)}
        </Notice>
      )}
      <SaveBar
        dirty={dirty}
        label={i18n.t('Save settings')}
        busy={update.isPending}
        form="settings"
        onDiscard={() => {
          setDraft(base.settings);
          setSaid({});
          update.reset();
        }}
      />
      <UnsavedChanges dirty={dirty} what={i18n.t('the settings')} />
      {theirs && (
        <ConflictDialog
          key={theirs.read.version}
          what={i18n.t('these settings')}
          who={theirs.who}
          changedAt={theirs.read.changedAt}
          base={base.settings}
          yours={draft}
          theirs={theirs.read.settings}
          words={WORDS}
          busy={update.isPending}
          error={update.error && !isStale && !refusal?.fields ? wordsOf(update.error) : undefined}
          onClose={() => setTheirs(undefined)}
          onSave={(settings) => save(settings, theirs.read)}
        />
      )}
    </form>
  );
}

/** A setting that cannot change any more, and why. */
const FixedSetting = ({
  label,
  value,
  why,
}: {
  readonly label: string;
  readonly value: string;
  readonly why: string;
}) => (
  <div className="flex flex-col gap-1.5">
    <span className="text-13 font-medium">{label}</span>
    <span className="text-14">{value}</span>
    <span className="text-13 text-ink-soft">{why}</span>
  </div>
);
