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
  head: () => ({ meta: [{ title: 'Sign in · Souk' }] }),
  component: SignIn,
});

function SignIn() {
  const { to, changed } = Route.useSearch();
  const navigate = Route.useNavigate();
  const nobodyYet = useQuery(apiOf(undefined).setUp.look.queryOptions({})).data?.state === 'dead';
  return (
    <DoorFrame
      title="Sign in to Souk"
      below={
        <Link to="/forgot-password" className="text-accent hover:underline">
          Forgot your password?
        </Link>
      }
    >
      {nobodyYet && (
        <div className="mb-4">
          <Notice title="Nobody can sign in yet">
            Souk is not set up. Open the link that it has printed in its terminal.
          </Notice>
        </div>
      )}
      {changed === true && (
        <div className="mb-4">
          <Notice tone="success">Your new password is set. Sign in with it.</Notice>
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
