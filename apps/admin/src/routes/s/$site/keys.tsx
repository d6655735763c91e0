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
  head: ({ match }) => ({ meta: [{ title: `API keys · ${match.context.site?.name ?? ''}` }] }),
  pendingComponent: () => <ListSkeleton label="The keys are being loaded" />,
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
      New key
    </Button>
  );
  return (
    <>
      <PageHeader title="API keys" actions={data.keys.length > 0 && newKey}>
        With a key another program reads {site.name}’s data without anybody signing in. Treat it like a password.
      </PageHeader>
      <Card title="Keys" aside={String(data.keys.length)} flush>
        {data.keys.length === 0 ? (
          <EmptyState icon={<KeyRound size={20} aria-hidden />} title="There are no keys yet" action={newKey}>
            Make one for each program that needs access: then each can be ended by itself.
          </EmptyState>
        ) : (
          <ul aria-label="Keys" className="divide-y divide-line border-t border-line">
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
  good: { tone: 'success', words: 'works' },
  replaced: { tone: 'warning', words: 'being replaced' },
  expired: { tone: 'neutral', words: 'expired' },
  revoked: { tone: 'neutral', words: 'ended' },
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
            used <RelativeTime at={apiKey.lastUsedAt} />
          </>
        ) : (
          'never used'
        )}
        <br />
        made <RelativeTime at={apiKey.createdAt} />
        {apiKey.createdBy !== undefined && ` by ${apiKey.createdBy}`}
        <br />
        {apiKey.expiresAt ? (
          <>
            {state === 'expired' ? 'ended' : 'ends'}{' '}
            <RelativeTime at={apiKey.expiresAt} isAhead={state !== 'expired'} />
          </>
        ) : (
          !isOver && 'has no end'
        )}
      </p>
      <StatusDot tone={STATES[state].tone} hollow={isOver}>
        <span className="text-14">{STATES[state].words}</span>
      </StatusDot>
      <span className="flex w-32 justify-end gap-1 max-sm:w-auto">
        {apiKey.mayRotate && (
          <Button size="small" aria-label={`Renew ${name}`} onClick={() => onAsk('rotate')}>
            Renew
          </Button>
        )}
        {!isOver && (
          <Button size="small" variant="quiet" aria-label={`End ${name}`} onClick={() => onAsk('revoke')}>
            End
          </Button>
        )}
      </span>
    </li>
  );
}
