import { Trans } from '@lingui/react';
import { i18n } from '../../words.ts';
import { Button, Card, Notice, StatusDot, TextField, toast } from '@souk/ui/admin';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { type Api, queryClient } from '../../api.ts';
import { refusalOf, wordsOf } from '../../refusal.ts';

const refresh = (api: Api): Promise<unknown> =>
  Promise.all([
    queryClient.invalidateQueries(api.emailChange.pathFilter()),
    queryClient.invalidateQueries(api.account.pathFilter()),
  ]);

/** The address one signs in with. Another one takes its place when both have confirmed it. */
export function EmailCard({ api, email }: { readonly api: Api; readonly email: string }) {
  const { data: change } = useSuspenseQuery(api.emailChange.get.queryOptions());
  return (
    <Card title={i18n.t('E-mail')}>
      <p className="mb-3 text-14">
        <Trans
          id="You sign in with <0>{email}</0>."
          values={{ email }}
          components={{ 0: <span className="font-medium break-all" /> }}
        />
      </p>
      {change ? <Waiting api={api} email={email} change={change} /> : <Ask api={api} />}
    </Card>
  );
}

function Ask({ api }: { readonly api: Api }) {
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const ask = useMutation(
    api.emailChange.request.mutationOptions({
      onSuccess: () => {
        toast({
          title: i18n.t('Two mails are on their way'),
          description: i18n.t('Confirm the change at both addresses.'),
        });
        return refresh(api);
      },
    }),
  );
  const said = refusalOf(ask.error)?.fields?.['email'];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (typed.trim() === '') return field.current?.focus();
    ask.mutate({ email: typed }, { onError: () => field.current?.focus() });
  };
  return (
    <form onSubmit={submit} noValidate aria-label={i18n.t('Another address')} className="flex flex-col gap-4">
      {ask.error && said === undefined && <Notice tone="danger">{wordsOf(ask.error)}</Notice>}
      <TextField
        ref={field}
        label={i18n.t('Another address')}
        type="email"
        name="new-email"
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onValueChange={(next) => {
          setTyped(next);
          if (ask.error) ask.reset();
        }}
        error={said ?? (tried && typed.trim() === '' ? i18n.t('Say which address you want.') : undefined)}
        help={i18n.t('We write to both addresses. It changes when you have confirmed at each.')}
      />
      <div className="flex justify-end">
        <Button type="submit" busyLabel={ask.isPending && i18n.t('Sending …')} className="max-sm:w-full">
          {i18n.t('Change the address')}
        </Button>
      </div>
    </form>
  );
}

function Waiting({
  api,
  email,
  change,
}: {
  readonly api: Api;
  readonly email: string;
  readonly change: { readonly newEmail: string; readonly isOldConfirmed: boolean; readonly isNewConfirmed: boolean };
}) {
  const drop = useMutation(api.emailChange.drop.mutationOptions({ onSuccess: () => refresh(api) }));
  const rows = [
    [email, change.isOldConfirmed],
    [change.newEmail, change.isNewConfirmed],
  ] as const;
  return (
    <div className="flex flex-col gap-3">
      <p className="text-13 text-ink-soft">
        <Trans
          id="It is to be <0>{newEmail}</0>. Open the link in the mail at each address, within a day."
          values={{ newEmail: change.newEmail }}
          components={{ 0: <span className="font-medium break-all text-ink" /> }}
        />
      </p>
      <ul aria-label={i18n.t('Confirmations')} className="flex flex-col gap-1.5 text-14">
        {rows.map(([address, isConfirmed]) => (
          <li key={address} className="flex flex-wrap items-center justify-between gap-x-4">
            <span className="min-w-0 truncate">{address}</span>
            <StatusDot tone={isConfirmed ? 'success' : 'warning'}>{isConfirmed ? 'confirmed' : 'waiting'}</StatusDot>
          </li>
        ))}
      </ul>
      {drop.error && <Notice tone="danger">{wordsOf(drop.error)}</Notice>}
      <div className="flex justify-end">
        <Button
          busyLabel={drop.isPending && i18n.t('Stopping …')}
          onClick={() => drop.mutate()}
          className="max-sm:w-full"
        >
          {i18n.t('Keep the old address')}
        </Button>
      </div>
    </div>
  );
}
