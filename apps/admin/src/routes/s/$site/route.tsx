import { readerLocale } from '../../../language.ts';
import { i18n } from '../../../words.ts';
import { ReaderProvider, type Reader, RefusedState, buttonClass } from '@souk/ui/admin';
import { Outlet, createFileRoute, useRouter, useRouterState } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { permissionWords } from '../../../permission-groups.ts';
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
    const locale = readerLocale();
    return { locale, dateLocale: locale, timeZone: site.timeZone };
  }, [site.timeZone]);
  useEffect(() => noteSite(site.handle), [site.handle]);
  const item = navigationItemOf(pathname, site.handle);
  const refused = item && !may(site.permissions, item.permission) ? item.permission : undefined;
  const asSupport = site.support.some((access) => access.isYou);
  // Nothing of the site stays on the screen of somebody who works there no more.
  if (isGone)
    return (
      <main className="flex min-h-dvh flex-col justify-center">
        <RefusedState
          isPage
          title={
            asSupport
              ? i18n.t('Your access to {siteName} has ended', { siteName: site.name })
              : i18n.t('You no longer work on {siteName}', { siteName: site.name })
          }
          action={
            <a href="/" className={buttonClass('primary')}>
              {i18n.t('Go to your sites')}
            </a>
          }
        >
          {asSupport
            ? i18n.t(
                'Support comes in as long as an owner lets it. If there is more to do, ask them to let you in again.',
              )
            : i18n.t(
                'Somebody of its team has ended your membership. If that was not meant, ask them to invite you again.',
              )}
        </RefusedState>
      </main>
    );
  return (
    <ReaderProvider reader={reader}>
      <SiteShell site={site} me={me} api={api}>
        {refused ? (
          <RefusedState isPage title={i18n.t('{place} is not open to you', { place: item?.label ?? i18n.t('This') })}>
            {i18n.t(
              'It needs the permission “{permission}”. An owner of {siteName} can give it to you; you are {role} here.',
              { permission: permissionWords(refused), siteName: site.name, role: site.role },
            )}
          </RefusedState>
        ) : (
          <Outlet />
        )}
      </SiteShell>
    </ReaderProvider>
  );
}
