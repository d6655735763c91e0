import { Trans } from '@lingui/react';
import { i18n } from '../../words.ts';
import { isSiteStatus, type OperatorStep, type SiteReason, type SiteStatus } from '@souk/domain/identity';
import {
  Button,
  Dialog,
  EmptyState,
  Menu,
  MenuItem,
  Notice,
  PageHeader,
  RelativeTime,
  Select,
  StatusDot,
  TextField,
  buttonClass,
  tabClass,
  toast,
} from '@souk/ui/admin';
import { useMutation, useSuspenseInfiniteQuery } from '@tanstack/react-query';
import { Link, createFileRoute } from '@tanstack/react-router';
import { MoreHorizontal, Plus, Store } from 'lucide-react';
import { useState } from 'react';
import { type Api, queryClient } from '../../api.ts';
import { keysetPages } from '../../components/keyset-pages.ts';
import { ListEnd, ListSkeleton } from '../../components/list-parts.tsx';
import { RouteError } from '../../components/route-states.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { SiteInitial } from '../../components/site-initial.tsx';
import { refusalOf, wordsOf } from '../../refusal.ts';
import { SITE_REASON_WORDS, SITE_STATUS_WORDS, STEP_WORDS } from '../../site-status-words.ts';

type Search = { readonly q?: string; readonly status?: SiteStatus };
type Row = Awaited<ReturnType<Api['client']['operator']['sites']['query']>>['rows'][number];

const pagesOf = (api: Api, search: Search) =>
  keysetPages(api.operator.sites.queryKey({ ...search }), undefined, (after, signal) =>
    api.client.operator.sites.query({ ...search, ...after, limit: 50 }, { signal }),
  );

export const Route = createFileRoute('/operator/')({
  validateSearch: (raw: Readonly<Record<string, unknown>>): Search => ({
    ...(typeof raw['q'] === 'string' && raw['q'].trim() !== '' ? { q: raw['q'].slice(0, 100) } : {}),
    ...(isSiteStatus(raw['status']) ? { status: raw['status'] } : {}),
  }),
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => context.queryClient.ensureInfiniteQueryData(pagesOf(context.account, deps)),
  head: () => ({ meta: [{ title: i18n.t('Sites · Installation') }] }),
  pendingComponent: () => <ListSkeleton label={i18n.t('The sites are being loaded')} />,
  errorComponent: RouteError,
  component: OperatorSites,
});

const VIEWS: readonly { readonly label: string; readonly status?: SiteStatus }[] = [
  { label: i18n.t('All') },
  { label: i18n.t('Open'), status: 'active' },
  { label: i18n.t('Suspended'), status: 'suspended' },
  { label: i18n.t('Archived'), status: 'archived' },
];

function OperatorSites() {
  const { account } = Route.useRouteContext();
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useSuspenseInfiniteQuery(pagesOf(account, search));
  const rows = data.pages.flatMap((page) => page.rows);
  const [moving, setMoving] = useState<{ site: Row; step: OperatorStep }>();
  return (
    <>
      <PageHeader
        title={i18n.t('Sites of this installation')}
        actions={
          <Link to="/new-site" className={buttonClass('primary')}>
            <Plus size={16} aria-hidden /> {i18n.t('New site')}
          </Link>
        }
      >
        {i18n.t('Their names and where they stand. What is in them is seen by their own people alone.')}
      </PageHeader>
      <div className="rounded-card bg-surface shadow-card ring-1 ring-line">
        <div className="flex flex-wrap items-center justify-between gap-2 border-b border-line px-2 pt-1">
          <nav aria-label={i18n.t('Status')} className="flex gap-1 overflow-x-auto">
            {VIEWS.map((view) => (
              <Link
                key={view.label}
                to="/operator"
                search={{ ...(search.q ? { q: search.q } : {}), ...(view.status ? { status: view.status } : {}) }}
                aria-current={search.status === view.status ? 'true' : undefined}
                className={tabClass(search.status === view.status)}
              >
                {view.label}
              </Link>
            ))}
          </nav>
          <div className="px-1 pb-1.5 max-sm:w-full">
            <SearchField
              label={i18n.t('Name or address')}
              value={search.q ?? ''}
              onChange={(q) =>
                void navigate({
                  search: { ...(q ? { q } : {}), ...(search.status ? { status: search.status } : {}) },
                  replace: true,
                })
              }
            />
          </div>
        </div>
        {rows.length === 0 ? (
          <EmptyState
            icon={<Store size={20} aria-hidden />}
            title={search.q || search.status ? i18n.t('No site fits') : i18n.t('No site yet')}
          >
            {search.q || search.status
              ? i18n.t('Search for less, or look at all of them.')
              : i18n.t('Make the first one.')}
          </EmptyState>
        ) : (
          <>
            <ul aria-label={i18n.t('Sites')} className="divide-y divide-line">
              {rows.map((site) => (
                <SiteRow key={site.siteId} site={site} onStep={(step) => setMoving({ site, step })} />
              ))}
            </ul>
            <ListEnd
              shown={rows.length}
              counted={(n) => i18n.t('{n, plural, one {# site} other {# sites}}', { n })}
              hasMore={hasNextPage}
              isLoading={isFetchingNextPage}
              onMore={() => void fetchNextPage()}
            />
          </>
        )}
      </div>
      {moving && (
        <MoveDialog
          key={`${moving.site.siteId} ${moving.step} ${moving.site.lastStep}`}
          api={account}
          site={moving.site}
          step={moving.step}
          onClose={() => setMoving(undefined)}
        />
      )}
    </>
  );
}

function SiteRow({ site, onStep }: { readonly site: Row; readonly onStep: (step: OperatorStep) => void }) {
  const status = SITE_STATUS_WORDS[site.status];
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-2.5">
      <SiteInitial name={site.name} />
      <div className="min-w-0 flex-1 basis-44">
        <p className="truncate text-14 font-medium">{site.name}</p>
        <p className="truncate text-13 text-ink-soft">
          {site.status === 'archived' ? site.handle : new URL(site.shopUrl).host}
          {site.note !== undefined && ` · “${site.note}”`}
        </p>
      </div>
      <span className="w-28 text-14">
        <StatusDot tone={status.tone} hollow={site.status === 'archived'}>
          {status.label}
        </StatusDot>
      </span>
      <span className="w-24 text-end text-13 text-ink-soft tabular max-md:hidden">
        {i18n.t('{n, plural, one {# person} other {# people}}', { n: site.members })}
      </span>
      <span className="w-32 text-end text-13 text-ink-soft max-lg:hidden">
        <Trans id="made <0/>" components={{ 0: <RelativeTime at={site.madeAt} /> }} />
      </span>
      {site.steps.length > 0 && (
        <Menu
          trigger={
            <Button
              size="small"
              variant="quiet"
              aria-label={i18n.t('What to do with {siteName}', { siteName: site.name })}
            >
              <MoreHorizontal size={16} aria-hidden />
            </Button>
          }
        >
          {site.steps.map((step) => (
            <MenuItem key={step} danger={STEP_WORDS[step].danger} onSelect={() => onStep(step)}>
              {STEP_WORDS[step].verb} …
            </MenuItem>
          ))}
        </Menu>
      )}
    </li>
  );
}

function MoveDialog({
  api,
  site,
  step,
  onClose,
}: {
  readonly api: Api;
  readonly site: Row;
  readonly step: OperatorStep;
  readonly onClose: () => void;
}) {
  const words = STEP_WORDS[step];
  const [reason, setReason] = useState<SiteReason>(words.reasons[0] ?? 'other');
  const [note, setNote] = useState('');
  const refresh = (): Promise<unknown> =>
    Promise.all([
      queryClient.invalidateQueries(api.operator.pathFilter()),
      queryClient.invalidateQueries({ ...api.account.me.queryFilter(), refetchType: 'all' }),
    ]);
  const move = useMutation(
    api.operator.moveSite.mutationOptions({
      onSuccess: async () => {
        toast({ title: words.done(site.name) });
        onClose();
        await refresh();
      },
      onError: (error) => {
        // What stands there now is shown behind the dialog, which says what happened.
        if (refusalOf(error)?.code === 'stale_version') void refresh();
      },
    }),
  );
  const said = refusalOf(move.error)?.fields?.['note'];
  return (
    <Dialog
      open
      onClose={onClose}
      title={`${words.verb}: ${site.name}`}
      description={words.says}
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Cancel')}</Button>
          <Button
            variant={words.danger ? 'danger' : 'primary'}
            busyLabel={move.isPending && words.busy}
            onClick={() => move.mutate({ siteId: site.siteId, step, lastStep: site.lastStep, reason, note })}
          >
            {words.verb}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4 pb-1">
        <Select
          label={i18n.t('Because')}
          value={reason}
          options={words.reasons.map((value) => ({ value, label: SITE_REASON_WORDS[value] }))}
          onChange={setReason}
        />
        {words.tells && (
          <TextField
            label={i18n.t('What its people are told')}
            optional
            autoComplete="off"
            maxLength={500}
            value={note}
            onValueChange={setNote}
            error={said}
            help={i18n.t('They see it on every page of their site, as long as it is closed.')}
          />
        )}
        {move.error && said === undefined && <Notice tone="danger">{wordsOf(move.error)}</Notice>}
      </div>
    </Dialog>
  );
}
