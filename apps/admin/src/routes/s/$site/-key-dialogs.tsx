import { isPermission } from '@souk/domain/identity';
import { Button, Checkbox, Dialog, Notice, Select, TextField, inputClass, toast } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import { Check, Copy } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { type Api, queryClient } from '../../../api.ts';
import { refusalOf, wordsOf } from '../../../refusal.ts';
import type { Key, Offered } from './keys.tsx';

const refresh = (api: Api): Promise<void> => queryClient.invalidateQueries(api.keys.pathFilter());

const LIVES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'One year' },
  { value: '', label: 'No end' },
] as const;
type Life = (typeof LIVES)[number]['value'];
const NO_END = 'A key without an end works until somebody remembers to end it.';
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
      title="New API key"
      description="One key for one program. It is shown once, right after this."
      initialFocus={field}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form="new-key" variant="primary" busyLabel={create.isPending && 'Making …'}>
            Make the key
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
          label="What it is for"
          name="name"
          autoComplete="off"
          maxLength={80}
          value={name}
          onValueChange={(next) => {
            setName(next);
            create.reset();
          }}
          error={fields?.['name']}
          help="The program’s name, such as “Warehouse” or “Accounting”."
        />
        <fieldset className="flex flex-col gap-1.5">
          <legend className="mb-1.5 text-13 font-medium">What it may do</legend>
          {offered.map((one) => (
            <Checkbox
              key={one.permission}
              checked={chosen.includes(one.permission)}
              disabled={!one.mayGive}
              label={one.mayGive ? one.words : `${one.words}: you do not hold it yourself`}
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
          label="Works for"
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
      title="Copy the key now"
      description="It is not kept here and cannot be shown again. If it gets lost, make another."
      initialFocus={field}
      actions={
        <Button variant="primary" onClick={onClose}>
          I have copied it
        </Button>
      }
    >
      <div className="flex gap-2 pb-1">
        <input
          ref={field}
          readOnly
          aria-label="The key"
          value={text}
          onFocus={(event) => event.currentTarget.select()}
          className={`${inputClass} font-mono`}
        />
        <Button
          icon={copied ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />}
          onClick={() => void copy()}
        >
          {copied ? 'Copied' : 'Copy'}
        </Button>
      </div>
      <p className="mt-3 text-13 text-ink-soft">
        The program sends it with each request as <code className="font-mono text-12">Authorization: Bearer …</code>
      </p>
    </Dialog>
  );
}

const OVERLAPS = [
  { value: '0', label: 'End it at once' },
  { value: '1', label: 'One more hour' },
  { value: '24', label: 'One more day' },
  { value: '168', label: 'One more week' },
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
      title={`Renew “${apiKey.name}”`}
      description="A new key with the same rights is made. For a while both work, so that the program can change over in peace."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            busyLabel={rotate.isPending && 'Renewing …'}
            onClick={() => rotate.mutate({ apiKeyId: apiKey.apiKeyId, overlapHours: Number(overlap), ...daysOf(life) })}
          >
            Make the new key
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4 pb-1">
        {rotate.error && <Notice tone="danger">{wordsOf(rotate.error)}</Notice>}
        <Select label="The key there is now" value={overlap} options={OVERLAPS} onChange={setOverlap} />
        <Select
          label="The new key works for"
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
        toast({ title: `“${apiKey.name}” is ended` });
        onClose();
        return refresh(api);
      },
    }),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={`End “${apiKey.name}”?`}
      description="The next request that comes with it is refused. This cannot be taken back; a program that still needs it stops working."
      actions={
        <>
          <Button onClick={onClose}>Keep</Button>
          <Button
            variant="danger"
            busyLabel={revoke.isPending && 'Ending …'}
            onClick={() => revoke.mutate({ apiKeyId: apiKey.apiKeyId })}
          >
            End the key
          </Button>
        </>
      }
    >
      {revoke.error && <Notice tone="danger">{wordsOf(revoke.error)}</Notice>}
    </Dialog>
  );
}
