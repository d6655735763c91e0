import { i18n } from '../../words.ts';
import { ReaderProvider, tabClass } from '@souk/ui/admin';
import { Link, Outlet, createFileRoute, notFound, useRouterState } from '@tanstack/react-router';
import { requireAccount } from '../../components/account-guard.ts';
import { AccountMenu } from '../../components/account-menu.tsx';
import { Mark } from '../../components/mark.tsx';
import { OWN_READER } from '../../own-reader.ts';
import { BareError, BareNotFound } from '../../components/route-states.tsx';

export const Route = createFileRoute('/operator')({
  beforeLoad: async ({ context, location }) => {
    const me = await requireAccount(context, location);
    // For everybody else there is nothing at this address.
    if (!me.isOperator) throw notFound();
    return { me };
  },
  component: OperatorLayout,
  errorComponent: BareError,
  notFoundComponent: BareNotFound,
});

const PAGES = [
  { to: '/operator', label: i18n.t('Sites') },
  { to: '/operator/people', label: i18n.t('People') },
  { to: '/operator/log', label: i18n.t('Log') },
  { to: '/operator/health', label: i18n.t('Health') },
] as const;

/** The frame of what runs the installation: outside every site. */
function OperatorLayout() {
  const { me } = Route.useRouteContext();
  const pathname = useRouterState({ select: (state) => state.location.pathname.replace(/\/$/, '') });
  return (
    <div className="mx-auto min-h-dvh max-w-[76rem] px-3 pt-4 pb-16 sm:px-6 lg:px-8">
      <header className="mb-5 flex items-center justify-between gap-4">
        <Link to="/" className="flex min-h-11 items-center gap-2.5 text-16 font-semibold">
          <Mark /> Souk
        </Link>
        <AccountMenu name={me.name} email={me.email} isOperator={me.isOperator} compact />
      </header>
      <nav aria-label={i18n.t('Installation')} className="mb-5 flex gap-1 overflow-x-auto border-b border-line">
        {PAGES.map((page) => (
          <Link
            key={page.to}
            to={page.to}
            aria-current={pathname === page.to ? 'page' : undefined}
            className={tabClass(pathname === page.to)}
          >
            {page.label}
          </Link>
        ))}
      </nav>
      <main>
        <ReaderProvider reader={OWN_READER}>
          <Outlet />
        </ReaderProvider>
      </main>
    </div>
  );
}
