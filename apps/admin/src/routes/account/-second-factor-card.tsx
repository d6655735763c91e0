import { Button, Card, Dialog, Notice, RelativeTime, StatusDot, toast } from '@souk/ui/admin';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { type Api, queryClient } from '../../api.ts';
import { wordsOf } from '../../refusal.ts';
import { RecoveryCodes } from './-recovery-codes.tsx';
import { SetUpApp } from './-set-up-app.tsx';

/** Fewer recovery codes than this are few. */
const FEW = 4;

/** A code on top of the password: what keeps an account whose password somebody knows. */
export function SecondFactorCard({ api }: { readonly api: Api }) {
  const router = useRouter();
  const { data } = useSuspenseQuery(api.secondFactor.get.queryOptions());
  const [codes, setCodes] = useState<readonly string[]>();
  const [open, setOpen] = useState<'app' | 'remove'>();
  const refresh = async (): Promise<void> => {
    await Promise.all([
      queryClient.refetchQueries(api.secondFactor.get.queryOptions()),
      // What asks for a proof reads it from here.
      queryClient.refetchQueries(api.account.me.queryOptions()),
      queryClient.invalidateQueries(api.account.history.pathFilter()),
    ]);
    await router.invalidate();
  };
  const show = (recoveryCodes: readonly string[]): Promise<void> => {
    setOpen(undefined);
    setCodes(recoveryCodes);
    return refresh();
  };
  const begin = useMutation(api.secondFactor.begin.mutationOptions({ onSuccess: () => setOpen('app') }));
  const newCodes = useMutation(
    api.secondFactor.newCodes.mutationOptions({ onSuccess: ({ recoveryCodes }) => show(recoveryCodes) }),
  );
  const error = begin.error ?? newCodes.error;
  return (
    <Card title="Second factor">
      <div className="flex flex-col gap-4">
        {error && <Notice tone="danger">{wordsOf(error)}</Notice>}
        {data.since === undefined ? (
          <>
            <p className="-mt-1 text-13 text-ink-soft">
              With an authenticator app on your phone, whoever learns your password still cannot sign in.
            </p>
            <div className="flex justify-end">
              <Button
                icon={<ShieldCheck size={16} aria-hidden />}
                busyLabel={begin.isPending && 'Preparing …'}
                onClick={() => begin.mutate()}
                className="max-sm:w-full"
              >
                Set up an authenticator app
              </Button>
            </div>
          </>
        ) : (
          <>
            <p className="text-14">
              <StatusDot tone="success">An authenticator app is in use</StatusDot>{' '}
              <span className="text-13 text-ink-soft">
                since <RelativeTime at={data.since} />
              </span>
            </p>
            {data.codesLeft < FEW ? (
              <Notice tone="warning">
                {data.codesLeft === 0 ? 'No recovery code is left.' : `${data.codesLeft} recovery codes are left.`} Make
                new ones, so that a lost phone does not keep you out.
              </Notice>
            ) : (
              <p className="text-13 text-ink-soft">{data.codesLeft} recovery codes are left.</p>
            )}
            <div className="flex flex-wrap justify-end gap-2">
              <Button variant="quiet" onClick={() => setOpen('remove')}>
                Turn it off
              </Button>
              <Button busyLabel={newCodes.isPending && 'Making …'} onClick={() => newCodes.mutate()}>
                New recovery codes
              </Button>
            </div>
          </>
        )}
      </div>
      {open === 'app' && begin.data && (
        <SetUpApp api={api} setUp={begin.data} onDone={show} onClose={() => setOpen(undefined)} />
      )}
      {open === 'remove' && <TurnOffDialog api={api} onClose={() => setOpen(undefined)} onDone={refresh} />}
      {codes && <RecoveryCodes codes={codes} onClose={() => setCodes(undefined)} />}
    </Card>
  );
}

function TurnOffDialog({
  api,
  onClose,
  onDone,
}: {
  readonly api: Api;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}) {
  const remove = useMutation(
    api.secondFactor.remove.mutationOptions({
      onSuccess: () => {
        toast({ title: 'The second factor is turned off' });
        onClose();
        return onDone();
      },
    }),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title="Turn the second factor off?"
      description="Your password alone signs in then, and your recovery codes stop working. You get a mail about it."
      actions={
        <>
          <Button onClick={onClose}>Keep it on</Button>
          <Button variant="danger" busyLabel={remove.isPending && 'Turning off …'} onClick={() => remove.mutate()}>
            Turn it off
          </Button>
        </>
      }
    >
      {remove.error && <Notice tone="danger">{wordsOf(remove.error)}</Notice>}
    </Dialog>
  );
}
