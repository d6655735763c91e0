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
  const error = said ?? (tried && domain.trim() === '' ? 'Write your domain, such as shop.example.' : undefined);
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
      title="Add a domain"
      description="You need a domain that you have registered. Next you get a record to set there, which shows that it is yours."
      initialFocus={field}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form="add-domain" variant="primary" busyLabel={claim.isPending && 'Adding …'}>
            Add the domain
          </Button>
        </>
      }
    >
      <form id="add-domain" onSubmit={submit} noValidate className="flex flex-col gap-4 pb-1">
        {claim.error && said === undefined && <Notice tone="danger">{wordsOf(claim.error)}</Notice>}
        <TextField
          ref={field}
          label="Domain"
          name="domain"
          inputMode="url"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          help="With or without www, each is a domain of its own: add both when people type both."
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
        toast({ title: `${mapping.unicodeName} is the main address` });
        onClose();
        return refresh(api);
      },
    }),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Make ${mapping.unicodeName} the main address?`}
      description="Your other addresses lead there from now on, with the page people asked for. Links in mails name it too. Whoever is filling a cart goes on where they are."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            busyLabel={choose.isPending && 'Changing …'}
            onClick={() => choose.mutate({ mappingId: mapping.mappingId })}
          >
            Make it the main address
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
        toast({ title: `${unicodeName} is removed` });
        onClose();
        return refresh(api);
      },
    }),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Remove ${unicodeName}?`}
      description={`Nobody reaches the shop there any more, from this moment on.${standIn === undefined ? '' : ` The main address is ${standIn} then.`} To have the domain back you prove it with a new record.`}
      actions={
        <>
          <Button onClick={onClose}>Keep</Button>
          <Button
            variant="danger"
            busyLabel={remove.isPending && 'Removing …'}
            onClick={() => remove.mutate({ mappingId })}
          >
            Remove {unicodeName}
          </Button>
        </>
      }
    >
      {remove.error && <Notice tone="danger">{wordsOf(remove.error)}</Notice>}
    </Dialog>
  );
}
