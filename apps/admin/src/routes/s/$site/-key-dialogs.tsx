import { Trans } from '@lingui/react';
import { i18n } from '../../../words.ts';
import { isPermission } from '@souk/domain/identity';
import { Button, Checkbox, Dialog, Notice, Select, TextField, inputClass, toast } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import { Check, Copy } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { type Api, queryClient } from '../../../api.ts';
import { refusalOf, wordsOf } from '../../../refusal.ts';
import type { Key, Offered } from './keys.tsx';

const refresh = (api: Api): Promise<void> => queryClient.invalidateQueries(api.keys.pathFilter());

const dayCount = (n: number): string => i18n.t('{n, plural, one {# day} other {# days}}', { n });

const LIVES = [
  { value: '30', label: dayCount(30) },
  { value: '90', label: dayCount(90) },
  { value: '365', label: i18n.t('One year') },
  { value: '', label: i18n.t('No end') },
] as const;
type Life = (typeof LIVES)[number]['value'];
const NO_END = i18n.t('A key without an end works until somebody remembers to end it.');
const daysOf = (life: Life): { expiresInDays?: number } => (life === '' ? {} : { expiresInDays: Number(life) });

export function NewKeyDialog({
  api,
  offered,
  onClose,
  onMade,
}: {
  readonly api: Api;
  readonly offered: Offered;
  readonly onClose: () => void;
  readonly onMade: (text: string) => void;
}) {
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [life, setLife] = useState<Life>('365');
  const field = useRef<HTMLInputElement>(null);
  const create = useMutation(
    api.keys.create.mutationOptions({
      onSuccess: ({ key }) => {
        onClose();
        onMade(key);
        return refresh(api);
      },
    }),
  );
  const fields = refusalOf(create.error)?.fields;
  return (
    <Dialog
      open
      onClose={onClose}
      title={i18n.t('New API key')}
      description={i18n.t('One key for one program. It is shown once, right after this.')}
      initialFocus={field}
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Cancel')}</Button>
          <Button type="submit" form="new-key" variant="primary" busyLabel={create.isPending && i18n.t('Making …')}>
            {i18n.t('Make the key')}
          </Button>
        </>
      }
    >
      <form
        id="new-key"
        noValidate
        className="flex flex-col gap-4 pb-1"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          create.mutate(
            { name, permissions: chosen.filter(isPermission), ...daysOf(life) },
            { onError: (error) => refusalOf(error)?.field === 'name' && field.current?.focus() },
          );
        }}
      >
        {create.error && !fields && <Notice tone="danger">{wordsOf(create.error)}</Notice>}
        <TextField
          ref={field}
          label={i18n.t('What it is for')}
          name="name"
          autoComplete="off"
          maxLength={80}
          value={name}
          onValueChange={(next) => {
            setName(next);
            create.reset();
          }}
          error={fields?.['name']}
          help={i18n.t('The program’s name, such as “Warehouse” or “Accounting”.')}
        />
        <fieldset className="flex flex-col gap-1.5">
          <legend className="mb-1.5 text-13 font-medium">{i18n.t('What it may do')}</legend>
          {offered.map((one) => (
            <Checkbox
              key={one.permission}
              checked={chosen.includes(one.permission)}
              disabled={!one.mayGive}
              label={one.mayGive ? one.words : i18n.t('{words}: you do not hold it yourself', { words: one.words })}
              onChange={(isOn) => {
                create.reset();
                setChosen(isOn ? [...chosen, one.permission] : chosen.filter((p) => p !== one.permission));
              }}
            />
          ))}
          {fields?.['permissions'] !== undefined && (
            <p role="alert" className="text-13 text-danger">
              {fields['permissions']}
            </p>
          )}
        </fieldset>
        <Select
          label={i18n.t('Works for')}
          value={life}
          options={LIVES}
          onChange={setLife}
          {...(life === '' ? { help: NO_END } : {})}
        />
      </form>
    </Dialog>
  );
}

/** The only place a key is ever seen: it cannot be left by accident. */
export function KeyMadeDialog({ text, onClose }: { readonly text: string; readonly onClose: () => void }) {
  const [copied, setCopied] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const copy = async (): Promise<void> => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // Without leave to use the clipboard the key stands there selected.
    }
  };
  return (
    <Dialog
      open
      title={i18n.t('Copy the key now')}
      description={i18n.t('It is not kept here and cannot be shown again. If it gets lost, make another.')}
      initialFocus={field}
      actions={
        <Button variant="primary" onClick={onClose}>
          {i18n.t('I have copied it')}
        </Button>
      }
    >
      <div className="flex gap-2 pb-1">
        <input
          ref={field}
          readOnly
          aria-label={i18n.t('The key')}
          value={text}
          onFocus={(event) => event.currentTarget.select()}
          className={`${inputClass} font-mono`}
        />
        <Button
          icon={copied ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />}
          onClick={() => void copy()}
        >
          {copied ? i18n.t('Copied') : i18n.t('Copy')}
        </Button>
      </div>
      <p className="mt-3 text-13 text-ink-soft">
        <Trans
          id="The program sends it with each request as <0>Authorization: Bearer …</0>"
          components={{ 0: <code className="font-mono text-12" /> }}
        />
      </p>
    </Dialog>
  );
}

const OVERLAPS = [
  { value: '0', label: i18n.t('End it at once') },
  { value: '1', label: i18n.t('One more hour') },
  { value: '24', label: i18n.t('One more day') },
  { value: '168', label: i18n.t('One more week') },
] as const;

export function RotateKeyDialog({
  api,
  apiKey,
  onClose,
  onMade,
}: {
  readonly api: Api;
  readonly apiKey: Key;
  readonly onClose: () => void;
  readonly onMade: (text: string) => void;
}) {
  const [overlap, setOverlap] = useState<(typeof OVERLAPS)[number]['value']>('24');
  const [life, setLife] = useState<Life>('365');
  const rotate = useMutation(
    api.keys.rotate.mutationOptions({
      onSuccess: ({ key }) => {
        onClose();
        onMade(key);
        return refresh(api);
      },
    }),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={i18n.t('Renew “{apiKeyName}”', { apiKeyName: apiKey.name })}
      description={i18n.t(
        'A new key with the same rights is made. For a while both work, so that the program can change over in peace.',
      )}
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Cancel')}</Button>
          <Button
            variant="primary"
            busyLabel={rotate.isPending && i18n.t('Renewing …')}
            onClick={() => rotate.mutate({ apiKeyId: apiKey.apiKeyId, overlapHours: Number(overlap), ...daysOf(life) })}
          >
            {i18n.t('Make the new key')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4 pb-1">
        {rotate.error && <Notice tone="danger">{wordsOf(rotate.error)}</Notice>}
        <Select label={i18n.t('The key there is now')} value={overlap} options={OVERLAPS} onChange={setOverlap} />
        <Select
          label={i18n.t('The new key works for')}
          value={life}
          options={LIVES}
          onChange={setLife}
          {...(life === '' ? { help: NO_END } : {})}
        />
      </div>
    </Dialog>
  );
}

export function RevokeKeyDialog({
  api,
  apiKey,
  onClose,
}: {
  readonly api: Api;
  readonly apiKey: Key;
  readonly onClose: () => void;
}) {
  const revoke = useMutation(
    api.keys.revoke.mutationOptions({
      onSuccess: () => {
        toast({ title: i18n.t('“{apiKeyName}” is ended', { apiKeyName: apiKey.name }) });
        onClose();
        return refresh(api);
      },
    }),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={i18n.t('End “{apiKeyName}”?', { apiKeyName: apiKey.name })}
      description={i18n.t(
        'The next request that comes with it is refused. This cannot be taken back; a program that still needs it stops working.',
      )}
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Keep')}</Button>
          <Button
            variant="danger"
            busyLabel={revoke.isPending && i18n.t('Ending …')}
            onClick={() => revoke.mutate({ apiKeyId: apiKey.apiKeyId })}
          >
            {i18n.t('End the key')}
          </Button>
        </>
      }
    >
      {revoke.error && <Notice tone="danger">{wordsOf(revoke.error)}</Notice>}
    </Dialog>
  );
}
