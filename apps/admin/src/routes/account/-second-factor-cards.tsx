import { Trans } from '@lingui/react';
import { i18n } from '../../words.ts';
import { Button, Card, Dialog, Notice, RelativeTime, StatusDot, toast } from '@souk/ui/admin';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { type Api, queryClient } from '../../api.ts';
import { wordsOf } from '../../refusal.ts';
import { PasskeysCard } from './-passkeys-card.tsx';
import { RecoveryCodes } from './-recovery-codes.tsx';
import { SetUpApp } from './-set-up-app.tsx';

/** Fewer recovery codes than this are few. */
const FEW = 4;

/** What stands beside the password: passkeys, an app, and the codes for the day both are lost. */
export function SecondFactorCards({ api }: { readonly api: Api }) {
  const router = useRouter();
  const { data } = useSuspenseQuery(api.secondFactor.get.queryOptions());
  const { passkeys } = useSuspenseQuery(api.passkeys.list.queryOptions()).data;
  const [codes, setCodes] = useState<readonly string[]>();
  const refresh = async (): Promise<void> => {
    await Promise.all([
      queryClient.refetchQueries(api.secondFactor.get.queryOptions()),
      queryClient.refetchQueries(api.passkeys.list.queryOptions()),
      // What asks for a proof reads it from here.
      queryClient.refetchQueries(api.account.me.queryOptions()),
      // The first factor ends the sessions that began without one.
      queryClient.invalidateQueries(api.account.sessions.queryFilter()),
      queryClient.invalidateQueries(api.account.history.pathFilter()),
    ]);
    await router.invalidate();
  };
  return (
    <>
      <PasskeysCard api={api} isOnlyFactor={data.since === undefined} onChanged={refresh} onCodes={setCodes} />
      <AppCard
        api={api}
        since={data.since}
        isOnlyFactor={passkeys.length === 0}
        onChanged={refresh}
        onCodes={setCodes}
      />
      {(data.since !== undefined || passkeys.length > 0) && (
        <CodesCard api={api} left={data.codesLeft} onChanged={refresh} onCodes={setCodes} />
      )}
      {codes && <RecoveryCodes codes={codes} onClose={() => setCodes(undefined)} />}
    </>
  );
}

type Changes = {
  readonly api: Api;
  readonly onChanged: () => Promise<void>;
  /** Shows codes that were just made. */
  readonly onCodes: (codes: readonly string[]) => void;
};

/** A code on top of the password: what keeps an account whose password somebody knows. */
function AppCard({
  api,
  since,
  isOnlyFactor,
  onChanged,
  onCodes,
}: Changes & { readonly since: string | undefined; readonly isOnlyFactor: boolean }) {
  const [open, setOpen] = useState<'app' | 'remove'>();
  const close = (): void => setOpen(undefined);
  const begin = useMutation(api.secondFactor.begin.mutationOptions({ onSuccess: () => setOpen('app') }));
  return (
    <Card title={i18n.t('Authenticator app')}>
      <div className="flex flex-col gap-4">
        {begin.error && <Notice tone="danger">{wordsOf(begin.error)}</Notice>}
        {since === undefined ? (
          <>
            <p className="-mt-1 text-13 text-ink-soft">
              {i18n.t('With an authenticator app on your phone, whoever learns your password still cannot sign in.')}
            </p>
            <div className="flex justify-end">
              <Button
                icon={<ShieldCheck size={16} aria-hidden />}
                busyLabel={begin.isPending && i18n.t('Preparing …')}
                onClick={() => begin.mutate()}
                className="max-sm:w-full"
              >
                {i18n.t('Set up an authenticator app')}
              </Button>
            </div>
          </>
        ) : (
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="text-14">
              <StatusDot tone="success">{i18n.t('An authenticator app is in use')}</StatusDot>{' '}
              <span className="text-13 text-ink-soft">
                <Trans id="since <0/>" components={{ 0: <RelativeTime at={since} /> }} />
              </span>
            </p>
            <Button variant="quiet" onClick={() => setOpen('remove')}>
              {i18n.t('Turn it off')}
            </Button>
          </div>
        )}
      </div>
      {open === 'app' && begin.data && (
        <SetUpApp
          api={api}
          setUp={begin.data}
          onDone={(recoveryCodes) => {
            close();
            if (recoveryCodes) onCodes(recoveryCodes);
            return onChanged();
          }}
          onClose={close}
        />
      )}
      {open === 'remove' && <TurnOffDialog api={api} isOnlyFactor={isOnlyFactor} onClose={close} onDone={onChanged} />}
    </Card>
  );
}

const codesLeftWords = (n: number): string =>
  i18n.t(
    '{n, plural, =0 {No recovery code is left.} one {# recovery code is left.} other {# recovery codes are left.}}',
    { n },
  );

/** The codes that are left for the day everything else is lost. */
function CodesCard({ api, left, onChanged, onCodes }: Changes & { readonly left: number }) {
  const make = useMutation(
    api.secondFactor.newCodes.mutationOptions({
      onSuccess: ({ recoveryCodes }) => {
        onCodes(recoveryCodes);
        return onChanged();
      },
    }),
  );
  return (
    <Card title={i18n.t('Recovery codes')}>
      <div className="-mt-1 flex flex-col gap-4">
        {make.error && <Notice tone="danger">{wordsOf(make.error)}</Notice>}
        {left < FEW ? (
          <Notice tone="warning">
            {codesLeftWords(left)} {i18n.t('Make new ones, so that a lost phone does not keep you out.')}
          </Notice>
        ) : (
          <p className="text-13 text-ink-soft">
            {codesLeftWords(left)} {i18n.t('Each signs you in once.')}
          </p>
        )}
        <div className="flex justify-end">
          <Button
            busyLabel={make.isPending && i18n.t('Making …')}
            onClick={() => make.mutate()}
            className="max-sm:w-full"
          >
            {i18n.t('New recovery codes')}
          </Button>
        </div>
      </div>
    </Card>
  );
}

function TurnOffDialog({
  api,
  isOnlyFactor,
  onClose,
  onDone,
}: {
  readonly api: Api;
  readonly isOnlyFactor: boolean;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}) {
  const remove = useMutation(
    api.secondFactor.remove.mutationOptions({
      onSuccess: () => {
        toast({ title: i18n.t('The authenticator app is turned off') });
        onClose();
        return onDone();
      },
    }),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={i18n.t('Turn the authenticator app off?')}
      description={
        isOnlyFactor
          ? i18n.t('Your password alone signs in then, and your recovery codes stop working. You get a mail about it.')
          : i18n.t('Your passkeys stay, and so do your recovery codes. You get a mail about it.')
      }
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Keep it on')}</Button>
          <Button
            variant="danger"
            busyLabel={remove.isPending && i18n.t('Turning off …')}
            onClick={() => remove.mutate()}
          >
            {i18n.t('Turn it off')}
          </Button>
        </>
      }
    >
      {remove.error && <Notice tone="danger">{wordsOf(remove.error)}</Notice>}
    </Dialog>
  );
}
