import { createFileRoute } from '@tanstack/react-router';
import { Notice } from '@souk/ui/admin';
import { useQuery } from '@tanstack/react-query';
import { apiOf, queryClient } from '../api.ts';
import { Mark } from '../components/mark.tsx';
import { SignInForm } from '../components/sign-in-form.tsx';
import { returnTo } from '../return-to.ts';
import { sessionFound } from '../session.ts';

export const Route = createFileRoute('/sign-in')({
  validateSearch: (raw: Record<string, unknown>): { readonly to?: string } => {
    const to = returnTo(raw['to']);
    return to === undefined ? {} : { to };
  },
  head: () => ({ meta: [{ title: 'Sign in · Souk' }] }),
  component: SignIn,
});

function SignIn() {
  const { to } = Route.useSearch();
  const navigate = Route.useNavigate();
  const nobodyYet = useQuery(apiOf(undefined).setUp.look.queryOptions({})).data?.state === 'dead';
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center px-4 py-10">
      <div className="w-full max-w-sm">
        <div className="mb-6 flex flex-col items-center gap-3 text-center">
          <Mark size={40} />
          <h1 className="text-20 font-semibold tracking-tight">Sign in to Souk</h1>
        </div>
        {nobodyYet && (
          <div className="mb-4">
            <Notice title="Nobody can sign in yet">
              Souk is not set up. Open the link that it has printed in its terminal.
            </Notice>
          </div>
        )}
        <div className="rounded-dialog bg-surface p-6 shadow-card ring-1 ring-line">
          <SignInForm
            onSignedIn={() => {
              sessionFound();
              queryClient.clear();
              void navigate({ href: to ?? '/', replace: true });
            }}
          />
        </div>
        <p className="mt-5 text-center text-13 text-pretty text-ink-soft">
          Forgot your password? Ask whoever runs this installation to set a new one.
        </p>
      </div>
    </main>
  );
}
