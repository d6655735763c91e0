import { statusWord } from '../site-status-words.ts';
import { i18n } from '../words.ts';
import { Checkbox, EmptyState, StatusDot, TextField, buttonClass } from '@souk/ui/admin';
import { Link, createFileRoute } from '@tanstack/react-router';
import { ChevronRight, Plus, Store } from 'lucide-react';
import { useState } from 'react';
import { AccountMenu } from '../components/account-menu.tsx';
import { requireAccount } from '../components/account-guard.ts';
import { Mark } from '../components/mark.tsx';
import { recentFirst, recentSites, sitesMatching } from '../components/own-sites.ts';
import { BareError } from '../components/route-states.tsx';
import { SiteInitial } from '../components/site-initial.tsx';

export const Route = createFileRoute('/')({
  beforeLoad: async ({ context, location }) => ({ me: await requireAccount(context, location) }),
  head: () => ({ meta: [{ title: i18n.t('Your sites · Souk') }] }),
  component: SiteChooser,
  errorComponent: BareError,
});

/** Fewer than these are seen at a glance; more are searched. */
const SEARCHED_FROM = 7;

function SiteChooser() {
  const { me } = Route.useRouteContext();
  const [words, setWords] = useState('');
  const [recent] = useState(recentSites);
  const [archived, setArchived] = useState(false);
  const open = me.sites.filter((site) => site.status !== 'archived');
  const shown = recentFirst(sitesMatching(archived ? me.sites : open, words), recent);
  return (
    <div className="mx-auto flex min-h-dvh max-w-2xl flex-col px-4 py-6 sm:py-10">
      <header className="mb-10 flex items-center justify-between gap-4">
        <span className="flex items-center gap-2.5 text-16 font-semibold">
          <Mark /> Souk
        </span>
        <AccountMenu name={me.name} email={me.email} isOperator={me.isOperator} compact />
      </header>
      <main>
        <div className="mb-6 flex flex-wrap items-end justify-between gap-3">
          <div>
            <h1 className="text-28 font-semibold tracking-tight">{i18n.t('Your sites')}</h1>
            <p className="mt-1 text-14 text-ink-soft">
              {i18n.t('Choose where to work. Each site has its own products, orders and people.')}
            </p>
          </div>
          {me.isOperator && (
            <Link to="/new-site" className={buttonClass(me.sites.length === 0 ? 'primary' : 'secondary')}>
              <Plus size={16} aria-hidden /> {i18n.t('New site')}
            </Link>
          )}
        </div>
        {me.sites.length >= SEARCHED_FROM && (
          <div className="mb-4">
            <TextField
              label={i18n.t('Search your sites')}
              type="search"
              autoComplete="off"
              autoFocus
              value={words}
              onValueChange={setWords}
            />
          </div>
        )}
        {me.sites.length === 0 ? (
          <div className="rounded-card bg-surface ring-1 ring-line">
            <EmptyState icon={<Store size={20} aria-hidden />} title={i18n.t('You are not a member of any site yet')}>
              {me.isOperator
                ? i18n.t('Make one, or ask the owner of a site to invite you.')
                : i18n.t('Ask the owner of a site to invite {email}.', { email: me.email })}
            </EmptyState>
          </div>
        ) : (
          <ul aria-label={i18n.t('Your sites')} className="flex flex-col gap-3">
            {shown.map((site) => (
              <li key={site.handle}>
                <Link
                  to="/s/$site"
                  params={{ site: site.handle }}
                  className="group flex items-center gap-4 rounded-card bg-surface p-4 shadow-card ring-1 ring-line transition-[box-shadow,background-color] hover:bg-hover hover:ring-line-control/60"
                >
                  <SiteInitial name={site.name} large />
                  <span className="min-w-0 flex-1">
                    <span className="block text-16 font-semibold">{site.name}</span>
                    <span className="block truncate text-13 text-ink-soft">
                      {i18n.t('{host} · you are {role}', { host: new URL(site.shopUrl).host, role: site.role })}
                    </span>
                  </span>
                  {site.status !== 'active' && (
                    <StatusDot
                      tone={site.status === 'archived' ? 'neutral' : 'warning'}
                      hollow={site.status === 'archived'}
                    >
                      {statusWord(site.status)}
                    </StatusDot>
                  )}
                  <ChevronRight
                    size={18}
                    aria-hidden
                    className="text-ink-faint transition-transform group-hover:translate-x-0.5 rtl:group-hover:-translate-x-0.5"
                  />
                </Link>
              </li>
            ))}
          </ul>
        )}
        <p role="status" className="mt-4 text-14 text-ink-soft empty:hidden">
          {words.trim() !== '' &&
            shown.length === 0 &&
            i18n.t('None of your sites fits “{words}”.', { words: words.trim() })}
        </p>
        {open.length < me.sites.length && (
          <Checkbox
            className="mt-4"
            checked={archived}
            onChange={setArchived}
            label={i18n.t('Show archived sites ({n})', { n: me.sites.length - open.length })}
          />
        )}
      </main>
    </div>
  );
}
