import { Trans } from '@lingui/react';
import { i18n } from '../words.ts';
import { Button, EmptyState, Notice, buttonClass } from '@souk/ui/admin';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { Link, createFileRoute } from '@tanstack/react-router';
import { Unlink } from 'lucide-react';
import { queryClient } from '../api.ts';
import { DoorFrame } from '../components/door-frame.tsx';
import { BareError } from '../components/route-states.tsx';
import { tokenOf } from '../link-token.ts';
import { refusalOf, wordsOf } from '../refusal.ts';

export const Route = createFileRoute('/confirm-email')({
  loader: ({ context, location }) =>
    context.queryClient.ensureQueryData(
      context.account.emailChange.look.queryOptions({ token: tokenOf(location.hash) }, { staleTime: 0 }),
    ),
  head: () => ({ meta: [{ title: i18n.t('Confirm your address · Souk') }] }),
  component: ConfirmEmail,
  errorComponent: BareError,
});

function ConfirmEmail() {
  const { account: api } = Route.useRouteContext();
  const token = tokenOf(window.location.hash);
  const look = api.emailChange.look.queryOptions({ token }, { staleTime: 0 });
  const { data } = useSuspenseQuery(look);
  const confirm = useMutation(
    api.emailChange.confirm.mutationOptions({
      onError: (error) => refusalOf(error)?.code === 'link_is_dead' && void queryClient.invalidateQueries(look),
    }),
  );
  const onward = (
    <Link to="/account" className={buttonClass('primary')}>
      {i18n.t('Go to your account')}
    </Link>
  );
  if (data.state === 'dead' && !confirm.data)
    return (
      <main className="flex min-h-dvh flex-col justify-center">
        <EmptyState
          isPage
          icon={<Unlink size={20} aria-hidden />}
          title={i18n.t('This link is not good any more')}
          action={onward}
        >
          {i18n.t(
            'It works once, for a day, and until another address is asked for. The page of your account says how it stands.',
          )}
        </EmptyState>
      </main>
    );
  if (confirm.data?.isDone)
    return (
      <DoorFrame title={i18n.t('Your address is changed')}>
        <p className="mb-4 text-14">{i18n.t('From now on you sign in with the new one.')}</p>
        {onward}
      </DoorFrame>
    );
  if (confirm.data || data.state === 'confirmed')
    return (
      <DoorFrame title={i18n.t('Confirmed here')}>
        <p className="text-14">
          {i18n.t(
            'Now the other mailbox: a mail with a link lies there, too. The change is made when both are confirmed.',
          )}
        </p>
      </DoorFrame>
    );
  if (data.state === 'dead') return null;
  return (
    <DoorFrame title={data.isOld ? i18n.t('Change the address of your account?') : i18n.t('Is this address yours?')}>
      <div className="flex flex-col gap-4">
        {confirm.error && <Notice tone="danger">{wordsOf(confirm.error)}</Notice>}
        <p className="text-14">
          <Trans
            id="The account of <0>{email}</0> is to have the address <1>{newEmail}</1>."
            values={{ email: data.email, newEmail: data.newEmail }}
            components={{
              0: <span className="font-medium break-all" />,
              1: <span className="font-medium break-all" />,
            }}
          />
        </p>
        <Button
          variant="primary"
          busyLabel={confirm.isPending && i18n.t('Confirming …')}
          onClick={() => confirm.mutate({ token })}
        >
          {i18n.t('Confirm')}
        </Button>
        <p className="text-13 text-ink-soft">
          {i18n.t('If you did not ask for this, close this page: nothing changes then.')}
        </p>
      </div>
    </DoorFrame>
  );
}
