import { i18n } from '../words.ts';
import { Button, Notice, buttonClass } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import { Link, createFileRoute, notFound, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { type Api, queryClient } from '../api.ts';
import { requireAccount } from '../components/account-guard.ts';
import { focusFirstError } from '../components/focus-first-error.ts';
import { NewSiteFields, type NewSiteTyped, guessedSite, missingOfSite } from '../components/new-site-fields.tsx';
import { BareError, BareNotFound } from '../components/route-states.tsx';
import { useKept } from '../kept.ts';
import { refusalOf, wordsOf } from '../refusal.ts';

export const Route = createFileRoute('/new-site')({
  beforeLoad: async ({ context, location }) => {
    const me = await requireAccount(context, location);
    // Only who runs the installation makes sites; for everybody else there is nothing here.
    if (!me.isOperator) throw notFound();
  },
  head: () => ({ meta: [{ title: i18n.t('New site · Souk') }] }),
  component: NewSite,
  errorComponent: BareError,
  notFoundComponent: BareNotFound,
});

function NewSite() {
  const { account } = Route.useRouteContext();
  return (
    <main className="mx-auto flex min-h-dvh max-w-2xl flex-col px-4 py-8 sm:py-12">
      <div className="mb-6">
        <h1 className="text-28 font-semibold tracking-tight">{i18n.t('New site')}</h1>
        <p className="mt-1 max-w-md text-14 text-pretty text-ink-soft">
          {i18n.t(
            'It has its own products, orders, people and address. You are its owner; invite others from its team page.',
          )}
        </p>
      </div>
      <NewSiteForm api={account} />
    </main>
  );
}

function NewSiteForm({ api }: { readonly api: Api }) {
  const navigate = useNavigate();
  const [guess] = useState(guessedSite);
  const [typed, keep, forget] = useKept<NewSiteTyped>('new-site', guess);
  const [tried, setTried] = useState(false);
  const [said, setSaid] = useState<Readonly<Record<string, string | undefined>>>({});
  const form = useRef<HTMLFormElement>(null);
  const create = useMutation(
    api.operator.createSite.mutationOptions({
      onSuccess: async ({ handle }) => {
        forget();
        await queryClient.invalidateQueries({ ...api.account.me.queryFilter(), refetchType: 'all' });
        await navigate({ to: '/s/$site', params: { site: handle } });
      },
    }),
  );
  const missing = missingOfSite(typed);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (Object.values(missing).some((words) => words !== undefined)) return focusFirstError(form.current);
    const { own: _own, ...values } = typed;
    create.mutate(values, {
      onError: (error) => {
        setSaid(refusalOf(error)?.fields ?? {});
        focusFirstError(form.current);
      },
    });
  };
  const wrongFields = refusalOf(create.error)?.fields;
  return (
    <form ref={form} onSubmit={submit} noValidate aria-label={i18n.t('New site')} className="flex flex-col gap-4">
      <NewSiteFields
        title={i18n.t('The site')}
        typed={typed}
        autoFocus
        onChange={(field, part) => {
          setSaid((before) => ({ ...before, [field]: undefined }));
          keep({ ...part, own: [...new Set([...typed.own, field])] });
        }}
        errorOf={(field) => said[field] ?? (tried ? missing[field] : undefined)}
      />
      {create.error && (
        <Notice tone="danger">
          {wrongFields ? i18n.t('Something above is not right yet. Nothing was made.') : wordsOf(create.error)}
        </Notice>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Link to="/" className={buttonClass('secondary')}>
          {i18n.t('Cancel')}
        </Link>
        <Button type="submit" variant="primary" busyLabel={create.isPending && i18n.t('Making the site …')}>
          {i18n.t('Make the site')}
        </Button>
      </div>
    </form>
  );
}
