import { Trans } from '@lingui/react';
import { i18n } from '../../words.ts';
import { Badge, Button, Card, Dialog, Notice, RelativeTime, toast } from '@souk/ui/admin';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { MonitorSmartphone } from 'lucide-react';
import { useState } from 'react';
import { whereWords } from '../../account-words.ts';
import { type Api, queryClient } from '../../api.ts';
import { wordsOf } from '../../refusal.ts';

type Session = Awaited<ReturnType<Api['client']['account']['sessions']['query']>>[number];

const refresh = (api: Api): Promise<void> => queryClient.invalidateQueries(api.account.pathFilter());

/** Everywhere one is signed in, and the way to end it. */
export function SessionsCard({ api }: { readonly api: Api }) {
  const { data: sessions } = useSuspenseQuery(api.account.sessions.queryOptions());
  const [isEnding, setEnding] = useState(false);
  const others = sessions.filter((session) => !session.isThis).length;
  return (
    <Card title={i18n.t('Where you are signed in')} aside={String(sessions.length)} flush>
      <ul aria-label={i18n.t('Where you are signed in')} className="divide-y divide-line border-t border-line">
        {sessions.map((session) => (
          <SessionRow key={session.sessionId} api={api} session={session} />
        ))}
      </ul>
      <div className="flex flex-wrap items-center justify-between gap-3 border-t border-line px-4 py-3">
        <p className="min-w-0 flex-1 basis-72 text-13 text-ink-soft">
          {i18n.t(
            'Where a session is comes from the browser’s clock and from a part of its address: it is a hint, no proof. What you do not know, end, and change your password.',
          )}
        </p>
        {others > 0 && (
          <Button size="small" onClick={() => setEnding(true)}>
            {i18n.t('End all others')}
          </Button>
        )}
      </div>
      {isEnding && <EndOthersDialog api={api} count={others} onClose={() => setEnding(false)} />}
    </Card>
  );
}

function SessionRow({ api, session }: { readonly api: Api; readonly session: Session }) {
  const { sessionId, device, isThis } = session;
  const where = whereWords(session);
  const end = useMutation(
    api.account.endSession.mutationOptions({
      onSuccess: () => toast({ title: i18n.t('The session of {device} is ended', { device }) }),
      // Also when it had ended already.
      onSettled: () => refresh(api),
    }),
  );
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
      <MonitorSmartphone size={18} aria-hidden className="text-ink-faint" />
      <div className="min-w-0 flex-1 basis-40">
        <p className="flex items-center gap-2 text-14 font-medium">
          <span className="truncate">{device === '' ? i18n.t('A browser') : device}</span>
          {isThis && <Badge tone="accent">{i18n.t('this one')}</Badge>}
        </p>
        <p className="text-13 text-ink-soft">
          {where !== '' && `${where} · `}
          {isThis ? (
            i18n.t('in use now')
          ) : (
            <Trans id="last seen <0/>" components={{ 0: <RelativeTime at={session.lastSeenAt} /> }} />
          )}
        </p>
      </div>
      {!isThis && (
        <Button
          size="small"
          variant="quiet"
          aria-label={i18n.t('End the session of {device}', { device })}
          busyLabel={end.isPending && i18n.t('Ending …')}
          onClick={() => end.mutate({ sessionId })}
        >
          {i18n.t('End')}
        </Button>
      )}
      {end.error && (
        <div className="basis-full">
          <Notice tone="danger">{wordsOf(end.error)}</Notice>
        </div>
      )}
    </li>
  );
}

function EndOthersDialog({
  api,
  count,
  onClose,
}: {
  readonly api: Api;
  readonly count: number;
  readonly onClose: () => void;
}) {
  const end = useMutation(
    api.account.endOtherSessions.mutationOptions({
      onSuccess: () => {
        toast({ title: i18n.t('All other sessions are ended') });
        onClose();
        return refresh(api);
      },
    }),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={i18n.t('{count, plural, one {End the other session?} other {End # other sessions?}}', { count })}
      description={i18n.t(
        'Whatever is open there closes at once, and asks for your password. You stay signed in here.',
      )}
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Keep')}</Button>
          <Button variant="danger" busyLabel={end.isPending && i18n.t('Ending …')} onClick={() => end.mutate()}>
            {i18n.t('End all others')}
          </Button>
        </>
      }
    >
      {end.error && <Notice tone="danger">{wordsOf(end.error)}</Notice>}
    </Dialog>
  );
}
