import { i18n } from '../words.ts';
import { Dialog } from '@souk/ui/admin';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { HeadContent, Outlet, createRootRouteWithContext, useRouter, useRouterState } from '@tanstack/react-router';
import type { Api } from '../api.ts';
import { ProofDialog } from '../components/proof-dialog.tsx';
import { BareError, BareNotFound } from '../components/route-states.tsx';
import { SignInForm } from '../components/sign-in-form.tsx';
import { sessionFound, useSessionLost } from '../session.ts';

export const Route = createRootRouteWithContext<{ readonly queryClient: QueryClient; readonly account: Api }>()({
  component: Root,
  errorComponent: BareError,
  notFoundComponent: BareNotFound,
});

function Root() {
  return (
    <>
      <HeadContent />
      <Outlet />
      <LostSession />
      <ProofDialog />
    </>
  );
}

/** Signing in again on top of the page one was on: nothing below it is thrown away. */
function LostSession() {
  const lost = useSessionLost();
  const elsewhere = useRouterState({ select: (state) => state.location.pathname === '/sign-in' });
  const { account } = Route.useRouteContext();
  const queries = useQueryClient();
  const router = useRouter();
  const known = queries.getQueryData(account.account.me.queryKey())?.email;
  return (
    <Dialog
      open={lost && !elsewhere}
      title={i18n.t('Sign in again')}
      description={i18n.t('Your session has ended. Everything on this page is still here; sign in to go on.')}
    >
      <div className="pb-4">
        <SignInForm
          {...(known === undefined ? {} : { email: known })}
          onSignedIn={(email) => {
            sessionFound();
            // Somebody else may see other things: they start from nothing.
            if (known !== undefined && email !== known) return window.location.assign('/');
            void queries.invalidateQueries();
            void router.invalidate();
          }}
        />
      </div>
    </Dialog>
  );
}
