import { i18n } from '../words.ts';
import { EmptyState, buttonClass } from '@souk/ui/admin';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, createFileRoute } from '@tanstack/react-router';
import { CircleCheck, Unlink } from 'lucide-react';
import { queryClient } from '../api.ts';
import { Mark } from '../components/mark.tsx';
import { BareError } from '../components/route-states.tsx';
import { tokenOf } from '../link-token.ts';
import { sessionFound } from '../session.ts';
import { SetUpForm } from './-set-up-form.tsx';

export const Route = createFileRoute('/set-up')({
  loader: ({ context, location }) =>
    context.queryClient.ensureQueryData(
      context.account.setUp.look.queryOptions({ token: tokenOf(location.hash) }, { staleTime: 0 }),
    ),
  head: () => ({ meta: [{ title: i18n.t('Set up Souk') }] }),
  component: SetUp,
  errorComponent: BareError,
});

function SetUp() {
  const { account } = Route.useRouteContext();
  const navigate = Route.useNavigate();
  const token = tokenOf(window.location.hash);
  const look = account.setUp.look.queryOptions({ token }, { staleTime: 0 });
  const { state } = useSuspenseQuery(look).data;
  if (state === 'done')
    return (
      <Bare>
        <EmptyState
          isPage
          icon={<CircleCheck size={20} aria-hidden />}
          title={i18n.t('Souk is set up already')}
          action={
            <Link to="/sign-in" className={buttonClass('primary')}>
              {i18n.t('Sign in')}
            </Link>
          }
        >
          {i18n.t('The link to set it up works once. Whoever used it can sign in; everybody else is invited by them.')}
        </EmptyState>
      </Bare>
    );
  if (state === 'dead')
    return (
      <Bare>
        <EmptyState isPage icon={<Unlink size={20} aria-hidden />} title={i18n.t('This link is not good any more')}>
          <p>
            {i18n.t(
              'A link to set Souk up works once, for a day, and only until the next one is printed. Look for the newest in the terminal where Souk runs. Stopping it and starting it again prints another.',
            )}
          </p>
        </EmptyState>
      </Bare>
    );
  return (
    <main className="mx-auto flex min-h-dvh max-w-2xl flex-col px-4 py-8 sm:py-12">
      <div className="mb-7 flex flex-col items-center gap-3 text-center">
        <Mark size={40} />
        <h1 className="text-28 font-semibold tracking-tight">{i18n.t('Set up Souk')}</h1>
        <p className="max-w-md text-14 text-pretty text-ink-soft">
          {i18n.t('You are the first one here. This makes your account and your first site; it takes a minute.')}
        </p>
      </div>
      <SetUpForm
        api={account}
        token={token}
        onDone={(handle) => {
          sessionFound();
          queryClient.clear();
          void navigate({ to: '/s/$site', params: { site: handle }, replace: true });
        }}
        onDead={() => void queryClient.invalidateQueries(look)}
      />
    </main>
  );
}

const Bare = ({ children }: { readonly children: React.ReactNode }) => (
  <main className="flex min-h-dvh flex-col justify-center">{children}</main>
);
