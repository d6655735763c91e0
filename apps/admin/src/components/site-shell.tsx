import { Trans } from '@lingui/react';
import { i18n } from '../words.ts';
import { Kbd, Menu, MenuItem, MenuSeparator, Notice, RelativeTime, classNames } from '@souk/ui/admin';
import { Link, useRouterState } from '@tanstack/react-router';
import { ExternalLink, LayoutGrid, MoreHorizontal, Search } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Api } from '../api.ts';
import { useLiveState } from '../live.ts';
import { NAVIGATION, may, navigationItemOf } from '../navigation.ts';
import { reasonOfStatus } from '../site-status-words.ts';
import { AccountMenu } from './account-menu.tsx';
import { CommandMenu } from './command-menu.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { KeyboardHelp } from './keyboard-help.tsx';
import { COMMAND_KEYS } from './platform.ts';
import type { OwnSite } from './own-sites.ts';
import { SiteSwitcher } from './site-switcher.tsx';
import { SupportNotice } from './support-notice.tsx';
import { useShortcuts } from './use-shortcuts.ts';

type Site = {
  readonly name: string;
  readonly handle: string;
  readonly role: string;
  readonly permissions: readonly string[];
  readonly isCopy: boolean;
  readonly support: readonly { readonly isYou: boolean }[];
  readonly shopUrl: string;
  readonly closed?:
    | { readonly status: string; readonly reason: string; readonly note?: string | undefined; readonly since: string }
    | undefined;
};
type Me = {
  readonly name: string;
  readonly email: string;
  readonly isOperator: boolean;
  readonly sites: readonly OwnSite[];
};

/** The frame of a site: where one is, where one can go, who one is. */
export function SiteShell({
  site,
  me,
  api,
  children,
}: {
  readonly site: Site;
  readonly me: Me;
  readonly api: Api;
  readonly children: ReactNode;
}) {
  const [commands, setCommands] = useState(false);
  const [help, setHelp] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const current = navigationItemOf(pathname, site.handle);
  const arrivedAt = useRef(pathname);
  useEffect(() => {
    if (arrivedAt.current === pathname) return;
    arrivedAt.current = pathname;
    // What is read next is the new page, not the link that led to it.
    document.getElementById('content')?.focus({ preventScroll: true });
  }, [pathname]);
  // There is nothing at the address of a site that is put away.
  const hasShop = site.closed?.status !== 'archived';
  const items = NAVIGATION.filter((item) => may(site.permissions, item.permission));
  useShortcuts(site.handle, items, { onCommands: () => setCommands((open) => !open), onHelp: () => setHelp(true) });

  return (
    <div className="min-h-dvh lg:ps-60">
      <a
        href="#content"
        className="sr-only z-50 rounded-control bg-ink px-4 py-2 text-ink-inverse focus:not-sr-only focus:fixed focus:top-3 focus:inset-s-3"
      >
        {i18n.t('Skip to content')}
      </a>

      <aside className="fixed inset-y-0 inset-s-0 hidden w-60 flex-col gap-1 border-e border-line px-3 py-3 lg:flex">
        <SiteSwitcher site={site} me={me} />
        <button
          type="button"
          onClick={() => setCommands(true)}
          className="mt-2 mb-2 flex h-9 items-center gap-2.5 rounded-control bg-surface px-2.5 text-13 text-ink-soft shadow-control ring-1 ring-inset ring-line transition-colors hover:text-ink"
        >
          <Search size={15} aria-hidden />
          <span className="flex-1 text-start">{i18n.t('Search or go to …')}</span>
          <Kbd>{COMMAND_KEYS.join(' ')}</Kbd>
        </button>
        <nav aria-label={i18n.t('Site')} className="flex flex-col gap-0.5">
          {items.map((item) => (
            <Link
              key={item.to}
              to={item.to}
              params={{ site: site.handle }}
              aria-current={current === item ? 'page' : undefined}
              className={classNames(
                'flex h-8 items-center gap-2.5 rounded-control px-2.5 text-14 transition-colors touch:h-11',
                item.isPart && 'ps-9',
                current === item
                  ? 'bg-pressed/80 font-medium text-ink'
                  : 'text-ink-soft hover:bg-pressed/50 hover:text-ink',
              )}
            >
              {!item.isPart && <item.icon size={16} aria-hidden className={current === item ? 'text-accent' : ''} />}
              {item.label}
            </Link>
          ))}
        </nav>
        <div className="mt-auto flex flex-col gap-1">
          {hasShop && (
            <a
              href={site.shopUrl}
              target="_blank"
              rel="noreferrer"
              className="flex h-8 items-center gap-2.5 rounded-control px-2.5 text-14 text-ink-soft transition-colors hover:bg-pressed/50 hover:text-ink touch:h-11"
            >
              <ExternalLink size={16} aria-hidden /> {i18n.t('View shop')}
            </a>
          )}
          <AccountMenu
            name={me.name}
            email={me.email}
            isOperator={me.isOperator}
            onHelp={() => setHelp(true)}
            onLeave={() => setLeaving(true)}
          />
        </div>
      </aside>

      <header className="sticky top-0 z-20 flex items-center justify-between gap-2 border-b border-line bg-ground/95 px-3 py-1.5 backdrop-blur lg:hidden">
        <SiteSwitcher site={site} me={me} />
        <div className="flex items-center">
          <button
            type="button"
            aria-label={i18n.t('Search or go to')}
            onClick={() => setCommands(true)}
            className="flex size-9 items-center justify-center rounded-control text-ink-soft touch:size-11"
          >
            <Search size={18} aria-hidden />
          </button>
          <AccountMenu
            name={me.name}
            email={me.email}
            isOperator={me.isOperator}
            compact
            onLeave={() => setLeaving(true)}
          />
        </div>
      </header>

      {site.isCopy && (
        <div className="mx-auto max-w-[76rem] px-3 pt-3 sm:px-6 lg:px-8">
          <Notice tone="warning">
            {i18n.t(
              'This is a copy for trying things out. It sends mails to nobody and takes no real payments; what you do here is not done in the shop itself.',
            )}
          </Notice>
        </div>
      )}
      <LiveNotice />
      <SupportNotice api={api} siteName={site.name} />
      {site.closed && <ClosedNotice siteName={site.name} closed={site.closed} />}

      <main
        id="content"
        tabIndex={-1}
        className="mx-auto w-full max-w-[76rem] px-3 pt-4 pb-28 outline-none sm:px-6 lg:px-8 lg:pt-7 lg:pb-12"
      >
        {children}
      </main>

      <nav
        aria-label={i18n.t('Site')}
        className="fixed inset-x-0 bottom-0 z-20 flex border-t border-line bg-surface/95 pb-[env(safe-area-inset-bottom)] backdrop-blur lg:hidden"
      >
        {items
          .filter((item) => item.inBar)
          .map((item) => {
            const active =
              current === item || (item.to === '/s/$site/products' && current?.to === '/s/$site/products/import');
            return (
              <Link
                key={item.to}
                to={item.to}
                params={{ site: site.handle }}
                aria-current={current === item ? 'page' : undefined}
                className={classNames(
                  'flex h-14 flex-1 flex-col items-center justify-center gap-0.5 text-12',
                  active ? 'font-semibold text-accent' : 'text-ink-soft',
                )}
              >
                <item.icon size={20} aria-hidden />
                {item.label}
              </Link>
            );
          })}
        <Menu
          side="top"
          trigger={
            <button
              type="button"
              className="flex h-14 flex-1 flex-col items-center justify-center gap-0.5 text-12 text-ink-soft"
            >
              <MoreHorizontal size={20} aria-hidden />
              {i18n.t('More')}
            </button>
          }
        >
          {items
            .filter((item) => !item.inBar)
            .map((item) => (
              <MenuItem
                key={item.to}
                icon={<item.icon size={16} aria-hidden />}
                render={<Link to={item.to} params={{ site: site.handle }} />}
              >
                {item.label}
              </MenuItem>
            ))}
          {hasShop && (
            <MenuItem
              icon={<ExternalLink size={16} aria-hidden />}
              render={<a href={site.shopUrl} target="_blank" rel="noreferrer" />}
            >
              {i18n.t('View shop')}
            </MenuItem>
          )}
          <MenuSeparator />
          <MenuItem icon={<LayoutGrid size={16} aria-hidden />} render={<Link to="/" />}>
            {i18n.t('All sites')}
          </MenuItem>
        </Menu>
      </nav>

      <CommandMenu
        open={commands}
        onClose={() => setCommands(false)}
        site={site}
        me={me}
        api={api}
        items={items}
        hasShop={hasShop}
        onHelp={() => setHelp(true)}
      />
      {leaving && (
        <LeaveDialog
          api={api}
          siteName={site.name}
          asSupport={site.support.some((access) => access.isYou)}
          onClose={() => setLeaving(false)}
        />
      )}
      <KeyboardHelp open={help} onClose={() => setHelp(false)} items={items} />
    </div>
  );
}

/** On every page of a site that is closed: what that means, and why. */
function ClosedNotice({
  siteName,
  closed,
}: {
  readonly siteName: string;
  readonly closed: NonNullable<Site['closed']>;
}) {
  const because = reasonOfStatus(closed.reason);
  return (
    <div className="mx-auto max-w-[76rem] px-3 pt-3 sm:px-6 lg:px-8">
      <Notice
        tone="warning"
        title={
          closed.status === 'archived'
            ? i18n.t('{siteName} is archived', { siteName })
            : i18n.t('{siteName} is suspended: buyers see that it is closed', { siteName })
        }
      >
        {because === undefined ? (
          <Trans
            id="Whoever runs this installation has done that <0/>. You can look at everything, and change nothing."
            components={{ 0: <RelativeTime at={closed.since} /> }}
          />
        ) : (
          <Trans
            id="Whoever runs this installation has done that <0/> because {because}. You can look at everything, and change nothing."
            values={{ because }}
            components={{ 0: <RelativeTime at={closed.since} /> }}
          />
        )}
        {closed.note !== undefined && <> {i18n.t('They say: “{note}”', { note: closed.note })}</>}
      </Notice>
    </div>
  );
}

/** Says when what is shown may be old, and when it is not any more. */
function LiveNotice() {
  const state = useLiveState();
  const [caughtUp, setCaughtUp] = useState(false);
  const [wasLost, setWasLost] = useState(false);
  useEffect(() => {
    if (state === 'lost') setWasLost(true);
    if (state !== 'live' || !wasLost) return undefined;
    setWasLost(false);
    setCaughtUp(true);
    const timer = setTimeout(() => setCaughtUp(false), 3000);
    return () => clearTimeout(timer);
  }, [state, wasLost]);
  if (state === 'lost') {
    return (
      <div className="sticky top-14 z-10 mx-auto max-w-[76rem] px-3 pt-3 sm:px-6 lg:top-3 lg:px-8">
        <Notice tone="warning">
          {i18n.t(
            'Connection lost. What you see may be old; it catches up by itself as soon as the connection is back.',
          )}
        </Notice>
      </div>
    );
  }
  return (
    <div aria-live="polite" className="contents">
      {caughtUp && (
        <div className="mx-auto max-w-[76rem] px-3 pt-3 sm:px-6 lg:px-8">
          <Notice tone="success">{i18n.t('Connected again. Everything is up to date.')}</Notice>
        </div>
      )}
    </div>
  );
}
