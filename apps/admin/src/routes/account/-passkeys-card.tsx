import { Trans } from '@lingui/react';
import { i18n } from '../../words.ts';
import { Button, Card, Dialog, Notice, RelativeTime, TextField, toast } from '@souk/ui/admin';
import { deviceWords } from '@souk/domain/identity';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import type { Api } from '../../api.ts';
import { knowsPasskeys, makePasskey } from '../../passkey.ts';
import { refusalOf, wordsOf } from '../../refusal.ts';

type Passkey = Awaited<ReturnType<Api['client']['passkeys']['list']['query']>>['passkeys'][number];
type Open = { readonly kind: 'add' } | { readonly kind: 'rename' | 'remove'; readonly passkey: Passkey };

/** Keys that one's devices keep: they sign in without a password, and stand for the second factor. */
export function PasskeysCard({
  api,
  isOnlyFactor,
  onChanged,
  onCodes,
}: {
  readonly api: Api;
  /** Whether no authenticator app stands beside them. */
  readonly isOnlyFactor: boolean;
  readonly onChanged: () => Promise<void>;
  readonly onCodes: (codes: readonly string[]) => void;
}) {
  const { passkeys } = useSuspenseQuery(api.passkeys.list.queryOptions()).data;
  const [open, setOpen] = useState<Open>();
  const close = (): void => setOpen(undefined);
  const canAdd = knowsPasskeys();
  return (
    <Card
      title={i18n.t('Passkeys')}
      flush={passkeys.length > 0}
      {...(passkeys.length > 0 ? { aside: String(passkeys.length) } : {})}
    >
      {passkeys.length > 0 && (
        <ul aria-label={i18n.t('Passkeys')} className="divide-y divide-line border-t border-line">
          {passkeys.map((passkey) => (
            <PasskeyRow key={passkey.passkeyId} passkey={passkey} onOpen={(kind) => setOpen({ kind, passkey })} />
          ))}
        </ul>
      )}
      <div
        className={
          passkeys.length > 0
            ? 'flex flex-wrap items-center justify-between gap-3 border-t border-line px-4 py-3'
            : '-mt-1 flex flex-wrap items-center justify-between gap-3'
        }
      >
        <p className="min-w-0 flex-1 basis-72 text-13 text-ink-soft">
          {canAdd
            ? i18n.t(
                'Sign in with your fingerprint, your face or the PIN of a device, without a password. A passkey counts as your second factor, too.',
              )
            : i18n.t('This browser does not know passkeys. Open this page with a newer one to add one.')}
        </p>
        {canAdd && (
          <Button
            icon={<Plus size={16} aria-hidden />}
            onClick={() => setOpen({ kind: 'add' })}
            className="max-sm:w-full"
          >
            {i18n.t('Add a passkey')}
          </Button>
        )}
      </div>
      {open?.kind === 'add' && (
        <AddDialog
          api={api}
          onClose={close}
          onDone={(codes) => {
            close();
            if (codes) onCodes(codes);
            return onChanged();
          }}
        />
      )}
      {open?.kind === 'rename' && <RenameDialog api={api} passkey={open.passkey} onClose={close} onDone={onChanged} />}
      {open?.kind === 'remove' && (
        <RemoveDialog
          api={api}
          passkey={open.passkey}
          isLastFactor={isOnlyFactor && passkeys.length === 1}
          onClose={close}
          onDone={onChanged}
        />
      )}
    </Card>
  );
}

function PasskeyRow({
  passkey: { name, createdAt, lastUsedAt },
  onOpen,
}: {
  readonly passkey: Passkey;
  readonly onOpen: (kind: 'rename' | 'remove') => void;
}) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
      <KeyRound size={18} aria-hidden className="text-ink-faint" />
      <div className="min-w-0 flex-1 basis-40">
        <p className="truncate text-14 font-medium">{name}</p>
        <p className="text-13 text-ink-soft">
          <Trans id="added <0/>" components={{ 0: <RelativeTime at={createdAt} /> }} /> ·{' '}
          {lastUsedAt ? (
            <Trans id="last used <0/>" components={{ 0: <RelativeTime at={lastUsedAt} /> }} />
          ) : (
            i18n.t('not used yet')
          )}
        </p>
      </div>
      <div className="flex gap-1 max-sm:basis-full max-sm:justify-end">
        <Button
          size="small"
          variant="quiet"
          aria-label={i18n.t('Rename {name}', { name })}
          onClick={() => onOpen('rename')}
        >
          {i18n.t('Rename')}
        </Button>
        <Button
          size="small"
          variant="quiet"
          aria-label={i18n.t('Remove {name}', { name })}
          onClick={() => onOpen('remove')}
        >
          {i18n.t('Remove')}
        </Button>
      </div>
    </li>
  );
}

const NAME_HELP = i18n.t('So that you know it again in this list.');

function AddDialog({
  api,
  onClose,
  onDone,
}: {
  readonly api: Api;
  readonly onClose: () => void;
  readonly onDone: (codes: readonly string[] | undefined) => Promise<void>;
}) {
  const [name, setName] = useState(() => deviceWords(navigator.userAgent));
  const add = useMutation({
    mutationFn: async () => {
      const { options } = await api.client.passkeys.begin.mutate();
      return api.client.passkeys.add.mutate({ name, passkey: await makePasskey(options) });
    },
    onSuccess: ({ recoveryCodes }) => {
      toast({ title: i18n.t('{name} is added', { name: name.trim() }) });
      return onDone(recoveryCodes);
    },
  });
  return (
    <NameDialog
      formId="add-passkey"
      title={i18n.t('Add a passkey')}
      description={i18n.t(
        'Your device asks for your fingerprint, your face or its PIN, and keeps the passkey. It can also be one of your phone, or a security key.',
      )}
      doIt={i18n.t('Add the passkey')}
      busy={add.isPending && i18n.t('Waiting for your device …')}
      error={add.error}
      name={name}
      onName={(next) => {
        setName(next);
        if (add.error) add.reset();
      }}
      onSubmit={() => add.mutate()}
      onClose={onClose}
    />
  );
}

function RenameDialog({
  api,
  passkey,
  onClose,
  onDone,
}: {
  readonly api: Api;
  readonly passkey: Passkey;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}) {
  const [name, setName] = useState(passkey.name);
  const rename = useMutation(
    api.passkeys.rename.mutationOptions({
      onSuccess: () => {
        onClose();
        return onDone();
      },
    }),
  );
  return (
    <NameDialog
      formId="rename-passkey"
      title={i18n.t('Rename {passkeyName}', { passkeyName: passkey.name })}
      description={i18n.t('Only the name in this list changes.')}
      doIt={i18n.t('Save the name')}
      busy={rename.isPending && i18n.t('Saving …')}
      error={rename.error}
      name={name}
      onName={(next) => {
        setName(next);
        if (rename.error) rename.reset();
      }}
      onSubmit={() => rename.mutate({ passkeyId: passkey.passkeyId, name })}
      onClose={onClose}
    />
  );
}

/** A dialog about what a passkey is called. */
function NameDialog({
  formId,
  title,
  description,
  doIt,
  busy,
  error,
  name,
  onName,
  onSubmit,
  onClose,
}: {
  readonly formId: string;
  readonly title: string;
  readonly description: string;
  readonly doIt: string;
  readonly busy: string | false;
  readonly error: unknown;
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
}) {
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const said = refusalOf(error)?.fields?.['name'];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (name.trim() === '') return field.current?.focus();
    onSubmit();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description={description}
      initialFocus={field}
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Cancel')}</Button>
          <Button type="submit" form={formId} variant="primary" busyLabel={busy}>
            {doIt}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate className="flex flex-col gap-4 pb-1">
        {error !== null && said === undefined && <Notice tone="danger">{wordsOf(error)}</Notice>}
        <TextField
          ref={field}
          label={i18n.t('Name')}
          name="passkey-name"
          autoComplete="off"
          maxLength={60}
          value={name}
          onValueChange={onName}
          help={NAME_HELP}
          error={said ?? (tried && name.trim() === '' ? i18n.t('Enter a name.') : undefined)}
        />
      </form>
    </Dialog>
  );
}

function RemoveDialog({
  api,
  passkey,
  isLastFactor,
  onClose,
  onDone,
}: {
  readonly api: Api;
  readonly passkey: Passkey;
  readonly isLastFactor: boolean;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}) {
  const remove = useMutation(
    api.passkeys.remove.mutationOptions({
      onSuccess: () => {
        toast({ title: i18n.t('{passkeyName} is removed', { passkeyName: passkey.name }) });
        onClose();
        return onDone();
      },
    }),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={i18n.t('Remove {passkeyName}?', { passkeyName: passkey.name })}
      description={
        isLastFactor
          ? i18n.t(
              'It is your only second factor: your password alone signs in then, and your recovery codes stop working. You get a mail about it.',
            )
          : i18n.t(
              'It does not sign in any more. Delete it on the device, too, so that it is not offered there. You get a mail about it.',
            )
      }
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Keep it')}</Button>
          <Button
            variant="danger"
            busyLabel={remove.isPending && i18n.t('Removing …')}
            onClick={() => remove.mutate({ passkeyId: passkey.passkeyId })}
          >
            {i18n.t('Remove it')}
          </Button>
        </>
      }
    >
      {remove.error && <Notice tone="danger">{wordsOf(remove.error)}</Notice>}
    </Dialog>
  );
}
