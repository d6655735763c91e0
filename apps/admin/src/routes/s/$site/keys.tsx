import { Trans } from '@lingui/react';
import { i18n } from '../../../words.ts';
import { Badge, Button, Card, EmptyState, PageHeader, RelativeTime, StatusDot, type Tone } from '@souk/ui/admin';
import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Api } from '../../../api.ts';
import { ListSkeleton } from '../../../components/list-parts.tsx';
import { permissionWords } from '../../../permission-groups.ts';
import { KeyMadeDialog, NewKeyDialog, RevokeKeyDialog, RotateKeyDialog } from './-key-dialogs.tsx';

const keysOptions = (api: Api) => api.keys.list.queryOptions(undefined, { staleTime: 10_000 });
type Keys = Awaited<ReturnType<Api['client']['keys']['list']['query']>>;
export type Key = Keys['keys'][number];
export type Offered = Keys['offered'];

export const Route = createFileRoute('/s/$site/keys')({
  loader: ({ context }) => context.queryClient.ensureQueryData(keysOptions(context.api)),
  head: ({ match }) => ({ meta: [{ title: `${i18n.t('API keys')} · ${match.context.site?.name ?? ''}` }] }),
  pendingComponent: () => <ListSkeleton label={i18n.t('The keys are being loaded')} />,
  component: KeysPage,
});

type Asking = { readonly what: 'rotate' | 'revoke'; readonly key: Key };

function KeysPage() {
  const { api, site } = Route.useRouteContext();
  const { data } = useSuspenseQuery(keysOptions(api));
  const [isMaking, setMaking] = useState(false);
  const [asking, setAsking] = useState<Asking>();
  const [made, setMade] = useState<string>();
  const newKey = (
    <Button
      variant="primary"
      icon={<Plus size={16} aria-hidden />}
      onClick={() => setMaking(true)}
      className="max-sm:w-full"
    >
      {i18n.t('New key')}
    </Button>
  );
  return (
    <>
      <PageHeader title={i18n.t('API keys')} actions={data.keys.length > 0 && newKey}>
        {i18n.t(
          'With a key another program reads {siteName}’s data without anybody signing in. Treat it like a password.',
          { siteName: site.name },
        )}
      </PageHeader>
      <Card title={i18n.t('Keys')} aside={String(data.keys.length)} flush>
        {data.keys.length === 0 ? (
          <EmptyState icon={<KeyRound size={20} aria-hidden />} title={i18n.t('There are no keys yet')} action={newKey}>
            {i18n.t('Make one for each program that needs access: then each can be ended by itself.')}
          </EmptyState>
        ) : (
          <ul aria-label={i18n.t('Keys')} className="divide-y divide-line border-t border-line">
            {data.keys.map((key) => (
              <KeyRow key={key.apiKeyId} apiKey={key} onAsk={(what) => setAsking({ what, key })} />
            ))}
          </ul>
        )}
      </Card>
      {isMaking && <NewKeyDialog api={api} offered={data.offered} onClose={() => setMaking(false)} onMade={setMade} />}
      {asking?.what === 'rotate' && (
        <RotateKeyDialog api={api} apiKey={asking.key} onClose={() => setAsking(undefined)} onMade={setMade} />
      )}
      {asking?.what === 'revoke' && (
        <RevokeKeyDialog api={api} apiKey={asking.key} onClose={() => setAsking(undefined)} />
      )}
      {made !== undefined && <KeyMadeDialog text={made} onClose={() => setMade(undefined)} />}
    </>
  );
}

const STATES: Readonly<Record<Key['state'], { readonly tone: Tone; readonly words: string }>> = {
  good: { tone: 'success', words: i18n.t('works') },
  replaced: { tone: 'warning', words: i18n.t('being replaced') },
  expired: { tone: 'neutral', words: i18n.t('expired') },
  revoked: { tone: 'neutral', words: i18n.t('ended') },
};

function KeyRow({ apiKey, onAsk }: { readonly apiKey: Key; readonly onAsk: (what: Asking['what']) => void }) {
  const { name, state } = apiKey;
  const isOver = state === 'expired' || state === 'revoked';
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className={isOver ? 'truncate text-14 text-ink-soft' : 'truncate text-14 font-medium'}>{name}</p>
        <p className="truncate font-mono text-12 text-ink-soft">
          souk_{apiKey.apiKeyId.slice(0, 8)}…{apiKey.apiKeyId.slice(-6)}
        </p>
        <p className="mt-1 flex flex-wrap gap-1">
          {apiKey.permissions.map((permission) => (
            <Badge key={permission}>{permissionWords(permission)}</Badge>
          ))}
        </p>
      </div>
      <p className="basis-52 text-13 text-ink-soft max-sm:basis-full">
        {apiKey.lastUsedAt ? (
          <>
            <Trans id="used <0/>" components={{ 0: <RelativeTime at={apiKey.lastUsedAt} /> }} />
          </>
        ) : (
          i18n.t('never used')
        )}
        <br />
        {apiKey.createdBy === undefined ? (
          <Trans id="made <0/>" components={{ 0: <RelativeTime at={apiKey.createdAt} /> }} />
        ) : (
          <Trans
            id="made <0/> by {who}"
            values={{ who: apiKey.createdBy }}
            components={{ 0: <RelativeTime at={apiKey.createdAt} /> }}
          />
        )}
        <br />
        {apiKey.expiresAt ? (
          state === 'expired' ? (
            <Trans id="ended <0/>" components={{ 0: <RelativeTime at={apiKey.expiresAt} /> }} />
          ) : (
            <Trans id="ends <0/>" components={{ 0: <RelativeTime at={apiKey.expiresAt} isAhead /> }} />
          )
        ) : (
          !isOver && i18n.t('has no end')
        )}
      </p>
      <StatusDot tone={STATES[state].tone} hollow={isOver}>
        <span className="text-14">{STATES[state].words}</span>
      </StatusDot>
      <span className="flex w-32 justify-end gap-1 max-sm:w-auto">
        {apiKey.mayRotate && (
          <Button size="small" aria-label={i18n.t('Renew {name}', { name })} onClick={() => onAsk('rotate')}>
            {i18n.t('Renew')}
          </Button>
        )}
        {!isOver && (
          <Button
            size="small"
            variant="quiet"
            aria-label={i18n.t('End {name}', { name })}
            onClick={() => onAsk('revoke')}
          >
            {i18n.t('End')}
          </Button>
        )}
      </span>
    </li>
  );
}
