import { Button, Card, Dialog, Notice, Select, TextField, toast } from '@souk/ui/admin';
import { LOST_FACTOR_REASONS, type LostFactorReason } from '@souk/domain/identity';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { type Api, queryClient } from '../../api.ts';
import { refusalOf, wordsOf } from '../../refusal.ts';
import { LOST_FACTOR_WORDS } from '../../site-status-words.ts';
import { i18n } from '../../words.ts';

/** The way back for whoever has lost phone and recovery codes. */
export function LostFactorCard({ api }: { readonly api: Api }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Card title={i18n.t('Somebody lost their second factor')} className="mt-4">
      <div className="-mt-1 flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-0 flex-1 basis-72 text-13 text-ink-soft">
          {i18n.t(
            'Without their phone and their recovery codes nobody can sign in. You can remove their second factor, so that their password signs them in again and they set up a new one.',
          )}
        </p>
        <Button onClick={() => setOpen(true)} className="max-sm:w-full">
          {i18n.t('Let somebody in again')}
        </Button>
      </div>
      {isOpen && <LetInDialog api={api} onClose={() => setOpen(false)} />}
    </Card>
  );
}

const REASONS = LOST_FACTOR_REASONS.map((value) => ({ value, label: LOST_FACTOR_WORDS[value] }));

function LetInDialog({ api, onClose }: { readonly api: Api; readonly onClose: () => void }) {
  const [email, setEmail] = useState('');
  const [reason, setReason] = useState<LostFactorReason>('lost_device');
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const take = useMutation(
    api.operator.takeFactors.mutationOptions({
      onSuccess: ({ name }) => {
        toast({
          title: i18n.t('{name} signs in with the password alone now', { name }),
          description: i18n.t('A mail tells them.'),
        });
        onClose();
        return queryClient.invalidateQueries(api.operator.pathFilter());
      },
    }),
  );
  const said = refusalOf(take.error)?.fields?.['email'];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (email.trim() === '') return field.current?.focus();
    take.mutate({ email, reason }, { onError: () => field.current?.focus() });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={i18n.t('Let somebody in again')}
      description={i18n.t(
        'Their passkeys, their authenticator app and their recovery codes are gone then, and all their sessions end. They get a mail about it, and it stands in the log.',
      )}
      initialFocus={field}
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Cancel')}</Button>
          <Button type="submit" form="let-in" variant="danger" busyLabel={take.isPending && i18n.t('Removing …')}>
            {i18n.t('Remove their second factor')}
          </Button>
        </>
      }
    >
      <form id="let-in" noValidate onSubmit={submit} className="flex flex-col gap-4 pb-1">
        {take.error && said === undefined && <Notice tone="danger">{wordsOf(take.error)}</Notice>}
        <Notice tone="warning">
          {i18n.t(
            'Make sure that it is them, by a call to a number you know. Whoever has their password gets in by this.',
          )}
        </Notice>
        <TextField
          ref={field}
          label={i18n.t('E-mail they sign in with')}
          type="email"
          name="email"
          autoComplete="off"
          spellCheck={false}
          value={email}
          onValueChange={(next) => {
            setEmail(next);
            if (take.error) take.reset();
          }}
          error={said ?? (tried && email.trim() === '' ? i18n.t('Enter their address.') : undefined)}
        />
        <Select label={i18n.t('Why')} value={reason} options={REASONS} onChange={setReason} />
      </form>
    </Dialog>
  );
}
