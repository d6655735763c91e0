import { i18n } from '../../../words.ts';
import { Button, Dialog, Notice, TextField, toast } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { type Api, queryClient } from '../../../api.ts';
import { refusalOf, wordsOf } from '../../../refusal.ts';
import type { Mapping } from './-domain-words.ts';

/** Everything that shows where the shop is. */
const refresh = async (api: Api): Promise<void> => {
  await Promise.all([
    queryClient.invalidateQueries(api.domains.pathFilter()),
    queryClient.invalidateQueries(api.dashboard.firstSteps.pathFilter()),
    queryClient.invalidateQueries(api.site.pathFilter()),
  ]);
};

export function AddDomainDialog({ api, onClose }: { readonly api: Api; readonly onClose: () => void }) {
  const [domain, setDomain] = useState('');
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const claim = useMutation(
    api.domains.claim.mutationOptions({
      onSuccess: () => {
        onClose();
        return refresh(api);
      },
    }),
  );
  const said = refusalOf(claim.error)?.fields?.['domain'];
  const error =
    said ?? (tried && domain.trim() === '' ? i18n.t('Write your domain, such as shop.example.') : undefined);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (domain.trim() === '') return field.current?.focus();
    claim.mutate({ domain }, { onError: () => field.current?.focus() });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={i18n.t('Add a domain')}
      description={i18n.t(
        'You need a domain that you have registered. Next you get a record to set there, which shows that it is yours.',
      )}
      initialFocus={field}
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Cancel')}</Button>
          <Button type="submit" form="add-domain" variant="primary" busyLabel={claim.isPending && i18n.t('Adding …')}>
            {i18n.t('Add the domain')}
          </Button>
        </>
      }
    >
      <form id="add-domain" onSubmit={submit} noValidate className="flex flex-col gap-4 pb-1">
        {claim.error && said === undefined && <Notice tone="danger">{wordsOf(claim.error)}</Notice>}
        <TextField
          ref={field}
          label={i18n.t('Domain')}
          name="domain"
          inputMode="url"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          help={i18n.t('With or without www, each is a domain of its own: add both when people type both.')}
          value={domain}
          onValueChange={(next) => {
            setDomain(next);
            claim.reset();
          }}
          error={error}
        />
      </form>
    </Dialog>
  );
}

export function PrimaryDialog({
  api,
  mapping,
  onClose,
}: {
  readonly api: Api;
  readonly mapping: Mapping;
  readonly onClose: () => void;
}) {
  const choose = useMutation(
    api.domains.makePrimary.mutationOptions({
      onSuccess: () => {
        toast({ title: i18n.t('{unicodeName} is the main address', { unicodeName: mapping.unicodeName }) });
        onClose();
        return refresh(api);
      },
    }),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={i18n.t('Make {unicodeName} the main address?', { unicodeName: mapping.unicodeName })}
      description={i18n.t(
        'Your other addresses lead there from now on, with the page people asked for. Links in mails name it too. Whoever is filling a cart goes on where they are.',
      )}
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Cancel')}</Button>
          <Button
            variant="primary"
            busyLabel={choose.isPending && i18n.t('Changing …')}
            onClick={() => choose.mutate({ mappingId: mapping.mappingId })}
          >
            {i18n.t('Make it the main address')}
          </Button>
        </>
      }
    >
      {choose.error && <Notice tone="danger">{wordsOf(choose.error)}</Notice>}
    </Dialog>
  );
}

export function RemoveDomainDialog({
  api,
  mapping,
  onClose,
}: {
  readonly api: Api;
  readonly mapping: Mapping;
  readonly onClose: () => void;
}) {
  const { mappingId, unicodeName, standIn } = mapping;
  const remove = useMutation(
    api.domains.remove.mutationOptions({
      onSuccess: () => {
        toast({ title: i18n.t('{unicodeName} is removed', { unicodeName }) });
        onClose();
        return refresh(api);
      },
    }),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={i18n.t('Remove {unicodeName}?', { unicodeName })}
      description={
        standIn === undefined
          ? i18n.t(
              'Nobody reaches the shop there any more, from this moment on. To have the domain back you prove it with a new record.',
            )
          : i18n.t(
              'Nobody reaches the shop there any more, from this moment on. The main address is {standIn} then. To have the domain back you prove it with a new record.',
              { standIn },
            )
      }
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Keep')}</Button>
          <Button
            variant="danger"
            busyLabel={remove.isPending && i18n.t('Removing …')}
            onClick={() => remove.mutate({ mappingId })}
          >
            {i18n.t('Remove {unicodeName}', { unicodeName })}
          </Button>
        </>
      }
    >
      {remove.error && <Notice tone="danger">{wordsOf(remove.error)}</Notice>}
    </Dialog>
  );
}
