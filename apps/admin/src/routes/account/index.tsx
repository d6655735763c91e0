import { i18n } from '../../words.ts';
import { PageHeader, ReaderProvider } from '@souk/ui/admin';
import { Link, createFileRoute } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { requireAccount } from '../../components/account-guard.ts';
import { AccountMenu } from '../../components/account-menu.tsx';
import { ListSkeleton } from '../../components/list-parts.tsx';
import { BareError } from '../../components/route-states.tsx';
import { OWN_READER } from '../../own-reader.ts';
import { AccountHistory, historyPages } from './-account-history.tsx';
import { EmailCard } from './-email-card.tsx';
import { LanguageCard } from './-language-card.tsx';
import { NameCard } from './-name-card.tsx';
import { PasswordCard } from './-password-card.tsx';
import { SecondFactorCards } from './-second-factor-cards.tsx';
import { SessionsCard } from './-sessions-card.tsx';

export const Route = createFileRoute('/account/')({
  beforeLoad: async ({ context, location }) => ({ me: await requireAccount(context, location) }),
  loader: ({ context: { account, queryClient } }) =>
    Promise.all([
      queryClient.ensureQueryData(account.account.sessions.queryOptions()),
      queryClient.ensureQueryData(account.emailChange.get.queryOptions()),
      queryClient.ensureQueryData(account.secondFactor.get.queryOptions()),
      queryClient.ensureQueryData(account.passkeys.list.queryOptions()),
      queryClient.ensureInfiniteQueryData(historyPages(account)),
    ]),
  head: () => ({ meta: [{ title: i18n.t('Your account · Souk') }] }),
  pendingComponent: () => (
    <div className="mx-auto max-w-3xl px-4 py-10">
      <ListSkeleton label={i18n.t('Your account is being loaded')} />
    </div>
  ),
  component: YourAccount,
  errorComponent: BareError,
});

function YourAccount() {
  const { me, account } = Route.useRouteContext();
  return (
    <ReaderProvider reader={OWN_READER}>
      <div className="mx-auto flex min-h-dvh max-w-3xl flex-col px-4 py-6 sm:py-10">
        <header className="mb-6 flex items-center justify-between gap-4">
          <Link
            to="/"
            className="flex min-h-9 items-center gap-1.5 rounded-control text-14 text-ink-soft hover:text-ink touch:min-h-11"
          >
            <ArrowLeft size={16} aria-hidden /> {i18n.t('Your sites')}
          </Link>
          <AccountMenu name={me.name} email={me.email} isOperator={me.isOperator} compact />
        </header>
        <main className="flex flex-col gap-4">
          <PageHeader title={i18n.t('Your account')}>{i18n.t('One account, for every site you work on.')}</PageHeader>
          <NameCard api={account} name={me.name} />
          <LanguageCard api={account} />
          <EmailCard api={account} email={me.email} />
          <PasswordCard api={account} name={me.name} email={me.email} />
          <SecondFactorCards api={account} />
          <SessionsCard api={account} />
          <AccountHistory api={account} />
        </main>
      </div>
    </ReaderProvider>
  );
}
