import { i18n } from '../words.ts';
import { Button, Dialog, Notice, TextField } from '@souk/ui/admin';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { apiOf } from '../api.ts';
import { proofEnds, useProofWanted } from '../proof.ts';
import { refusalOf, wordsOf } from '../refusal.ts';
import { answerWithPasskey, knowsPasskeys } from '../passkey.ts';
import { CodeField } from './code-field.tsx';
import { OrElse, PasskeyButton } from './passkey-button.tsx';

const { account, client } = apiOf(undefined);

/** Asks who is here to confirm that it is them, on top of whatever they were doing; that goes on by itself afterwards. */
export function ProofDialog() {
  return useProofWanted() ? <Asked /> : null;
}

function Asked() {
  const me = useQueryClient().getQueryData(account.me.queryKey());
  const factors = me?.factors ?? [];
  const asksCode = factors.length > 0;
  const hasPasskey = factors.includes('passkey') && knowsPasskeys();
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const passkeyButton = useRef<HTMLButtonElement>(null);
  const prove = useMutation(
    account.prove.mutationOptions({
      onSuccess: () => proofEnds(true),
      // A session that has ended is asked about by its own dialog; what waits here is told so.
      onError: (error) => refusalOf(error)?.code === 'not_signed_in' && proofEnds(false),
    }),
  );
  const byPasskey = useMutation({
    mutationFn: async () => {
      const { options } = await client.passkeys.beginProof.mutate();
      return client.passkeys.prove.mutate({ passkey: await answerWithPasskey(options) });
    },
    onSuccess: () => proofEnds(true),
    onError: (error) => refusalOf(error)?.code === 'not_signed_in' && proofEnds(false),
  });
  const error = byPasskey.error ?? prove.error;
  const refusal = refusalOf(error);
  const said = refusal?.fields?.[asksCode ? 'code' : 'password'];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    // The form behind it in the tree is not this one's.
    event.stopPropagation();
    setTried(true);
    if (typed.trim() === '') return field.current?.focus();
    byPasskey.reset();
    prove.mutate(asksCode ? { code: typed } : { password: typed }, { onError: () => field.current?.select() });
  };
  const change = (next: string): void => {
    setTyped(next);
    if (prove.error) prove.reset();
  };
  return (
    <Dialog
      open
      onClose={() => proofEnds(false)}
      title={i18n.t('Confirm it is you')}
      description={i18n.t(
        'What you are about to do is sensitive, so we ask once more. It goes on by itself afterwards.',
      )}
      initialFocus={hasPasskey ? passkeyButton : field}
      actions={
        <>
          <Button onClick={() => proofEnds(false)}>{i18n.t('Not now')}</Button>
          <Button
            type="submit"
            form="prove"
            variant={hasPasskey ? 'secondary' : 'primary'}
            busyLabel={prove.isPending && i18n.t('Confirming …')}
          >
            {hasPasskey ? i18n.t('Confirm with the code') : i18n.t('Confirm')}
          </Button>
        </>
      }
    >
      <form id="prove" onSubmit={submit} noValidate className="flex flex-col gap-4 pb-1">
        {error && said === undefined && (
          <Notice tone={refusal?.code === 'too_many_attempts' ? 'warning' : 'danger'}>{wordsOf(error)}</Notice>
        )}
        {hasPasskey && (
          <>
            <PasskeyButton
              ref={passkeyButton}
              isFirst
              isPending={byPasskey.isPending}
              onClick={() => {
                prove.reset();
                byPasskey.mutate();
              }}
            />
            <OrElse />
          </>
        )}
        {asksCode ? (
          <CodeField
            ref={field}
            value={typed}
            onValueChange={change}
            error={said ?? (tried && typed.trim() === '' ? i18n.t('Enter the code.') : undefined)}
            kinds={factors.includes('totp') ? ['app', 'recovery'] : ['recovery']}
          />
        ) : (
          <>
            {/* Password managers fill in by the address. */}
            <input type="email" name="email" autoComplete="username" value={me?.email ?? ''} readOnly hidden />
            <TextField
              ref={field}
              label={i18n.t('Your password')}
              type="password"
              name="password"
              autoComplete="current-password"
              value={typed}
              onValueChange={change}
              error={said ?? (tried && typed === '' ? i18n.t('Enter your password.') : undefined)}
            />
          </>
        )}
      </form>
    </Dialog>
  );
}
