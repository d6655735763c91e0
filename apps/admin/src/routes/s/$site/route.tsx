import { ReaderProvider, type Reader, RefusedState, buttonClass } from '@souk/ui/admin';
import { Outlet, createFileRoute, useRouter, useRouterState } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { PERMISSIONS } from '@souk/domain/identity';
import { apiOf } from '../../../api.ts';
import { requireAccount } from '../../../components/account-guard.ts';
import { noteSite } from '../../../components/own-sites.ts';
import { BareError } from '../../../components/route-states.tsx';
import { SiteShell } from '../../../components/site-shell.tsx';
import { useLive } from '../../../live.ts';
import { may, navigationItemOf } from '../../../navigation.ts';

export const Route = createFileRoute('/s/$site')({
  beforeLoad: async ({ context, location, params }) => {
    const me = await requireAccount(context, location);
    const api = apiOf(params.site);
    const site = await context.queryClient.ensureQueryData({
      ...api.site.get.queryOptions(undefined, { staleTime: 60_000 }),
      revalidateIfStale: true,
    });
    return { me, api, site };
  },
  head: ({ match }) => ({ meta: [{ title: match.context.site?.name ?? 'Souk' }] }),
  component: SiteLayout,
  errorComponent: BareError,
});

function SiteLayout() {
  const { api, site, me } = Route.useRouteContext();
  const router = useRouter();
  const { isGone } = useLive(api, site.handle, () => void router.invalidate());
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const reader = useMemo((): Reader => {
    const locale = navigator.language || 'en';
    return { locale, dateLocale: /^en\b/.test(locale) ? locale : 'en-GB', timeZone: site.timeZone };
  }, [site.timeZone]);
  useEffect(() => noteSite(site.handle), [site.handle]);
  const item = navigationItemOf(pathname, site.handle);
  const refused = item && !may(site.permissions, item.permission) ? item.permission : undefined;
  // Nothing of the site stays on the screen of somebody who works there no more.
  if (isGone)
    return (
      <main className="flex min-h-dvh flex-col justify-center">
        <RefusedState
          isPage
          title={`You no longer work on ${site.name}`}
          action={
            <a href="/" className={buttonClass('primary')}>
              Go to your sites
            </a>
          }
        >
          Somebody of its team has ended your membership. If that was not meant, ask them to invite you again.
        </RefusedState>
      </main>
    );
  return (
    <ReaderProvider reader={reader}>
      <SiteShell site={site} me={me} api={api}>
        {refused ? (
          <RefusedState isPage title={`${item?.label ?? 'This'} is not open to you`}>
            It needs the permission “{PERMISSIONS[refused]}”. An owner of {site.name} can give it to you; you are{' '}
            {site.role} here.
          </RefusedState>
        ) : (
          <Outlet />
        )}
      </SiteShell>
    </ReaderProvider>
  );
}
