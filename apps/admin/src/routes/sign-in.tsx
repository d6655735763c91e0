import { i18n } from '../words.ts';
import { Link, createFileRoute } from '@tanstack/react-router';
import { Notice } from '@souk/ui/admin';
import { useQuery } from '@tanstack/react-query';
import { apiOf, queryClient } from '../api.ts';
import { DoorFrame } from '../components/door-frame.tsx';
import { SignInForm } from '../components/sign-in-form.tsx';
import { returnTo } from '../return-to.ts';
import { sessionFound } from '../session.ts';

export const Route = createFileRoute('/sign-in')({
  validateSearch: (raw: Record<string, unknown>): { readonly to?: string; readonly changed?: true } => {
    const to = returnTo(raw['to']);
    return { ...(to === undefined ? {} : { to }), ...(raw['changed'] === true ? { changed: true } : {}) };
  },
  head: () => ({ meta: [{ title: i18n.t('Sign in · Souk') }] }),
  component: SignIn,
});

function SignIn() {
  const { to, changed } = Route.useSearch();
  const navigate = Route.useNavigate();
  const nobodyYet = useQuery(apiOf(undefined).setUp.look.queryOptions({})).data?.state === 'dead';
  return (
    <DoorFrame
      title={i18n.t('Sign in to Souk')}
      below={
        <Link to="/forgot-password" className="text-accent hover:underline">
          {i18n.t('Forgot your password?')}
        </Link>
      }
    >
      {nobodyYet && (
        <div className="mb-4">
          <Notice title={i18n.t('Nobody can sign in yet')}>
            {i18n.t('Souk is not set up. Open the link that it has printed in its terminal.')}
          </Notice>
        </div>
      )}
      {changed === true && (
        <div className="mb-4">
          <Notice tone="success">{i18n.t('Your new password is set. Sign in with it.')}</Notice>
        </div>
      )}
      <SignInForm
        onSignedIn={() => {
          sessionFound();
          queryClient.clear();
          void navigate({ href: to ?? '/', replace: true });
        }}
      />
    </DoorFrame>
  );
}
