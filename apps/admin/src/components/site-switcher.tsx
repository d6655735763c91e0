import { statusWord } from '../site-status-words.ts';
import { i18n } from '../words.ts';
import { BareDialog, type CommandGroup, CommandList } from '@souk/ui/admin';
import { useNavigate } from '@tanstack/react-router';
import { ChevronsUpDown, LayoutGrid, Plus } from 'lucide-react';
import { useRef, useState } from 'react';
import { type OwnSite, recentFirst, recentSites, sitesMatching } from './own-sites.ts';
import { SiteInitial } from './site-initial.tsx';

/** The site one is in, and the way to all others: by typing, the last ones first. */
export function SiteSwitcher({
  site,
  me,
}: {
  readonly site: { readonly name: string; readonly handle: string };
  readonly me: { readonly sites: readonly OwnSite[]; readonly isOperator: boolean };
}) {
  const [open, setOpen] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        aria-label={i18n.t('{siteName}. Switch site', { siteName: site.name })}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        className="flex min-h-10 min-w-0 items-center gap-2.5 rounded-control px-1.5 py-1 text-start transition-colors hover:bg-pressed/60 touch:min-h-11"
      >
        <SiteInitial name={site.name} />
        <span className="min-w-0 flex-1 truncate text-14 font-semibold">{site.name}</span>
        <ChevronsUpDown size={14} aria-hidden className="text-ink-faint" />
      </button>
      <BareDialog open={open} onClose={() => setOpen(false)} title={i18n.t('Switch site')} initialFocus={input}>
        <SiteList handle={site.handle} me={me} inputRef={input} onClose={() => setOpen(false)} />
      </BareDialog>
    </>
  );
}

function SiteList({
  handle,
  me,
  inputRef,
  onClose,
}: {
  readonly handle: string;
  readonly me: { readonly sites: readonly OwnSite[]; readonly isOperator: boolean };
  readonly inputRef: React.RefObject<HTMLInputElement | null>;
  readonly onClose: () => void;
}) {
  const [words, setWords] = useState('');
  const navigate = useNavigate();
  const [recent] = useState(recentSites);
  // Where one is already is no place to go to; what is archived is found by its name.
  const others = me.sites.filter((s) => s.handle !== handle && (s.status !== 'archived' || words.trim() !== ''));
  const found = recentFirst(sitesMatching(others, words), recent);
  const go = (run: () => void) => () => {
    onClose();
    run();
  };
  const groups: CommandGroup[] = [
    {
      value: i18n.t('Your sites'),
      items: found.map((s) => ({
        id: s.handle,
        label: s.name,
        icon: <SiteInitial name={s.name} />,
        hint: s.status === 'active' ? s.role : `${s.role} · ${statusWord(s.status)}`,
        run: go(() => void navigate({ to: '/s/$site', params: { site: s.handle } })),
      })),
    },
    {
      value: i18n.t('More'),
      items: [
        {
          id: 'all',
          label: i18n.t('All sites'),
          icon: <LayoutGrid size={16} aria-hidden />,
          run: go(() => void navigate({ to: '/' })),
        },
        ...(me.isOperator
          ? [
              {
                id: 'new',
                label: i18n.t('New site'),
                icon: <Plus size={16} aria-hidden />,
                run: go(() => void navigate({ to: '/new-site' })),
              },
            ]
          : []),
      ].filter((item) => item.label.toLowerCase().includes(words.trim().toLowerCase())),
    },
  ];
  const shown = groups.filter((group) => group.items.length > 0);
  return (
    <CommandList
      label={i18n.t('Name or address of a site')}
      query={words}
      onQueryChange={setWords}
      groups={shown}
      inputRef={inputRef}
      empty={shown.length === 0 ? i18n.t('None of your sites fits “{words}”.', { words: words.trim() }) : undefined}
    />
  );
}
