import { i18n } from '../../../words.ts';
import { SUPPORT_PERMISSIONS, SUPPORT_REASON_MAX, type SupportPermission } from '@souk/domain/identity';
import { Button, Checkbox, Dialog, Notice, Select, TextField, toast } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { type Api, queryClient } from '../../../api.ts';
import { COMING, PERMISSION_GROUPS, comesAlong, permissionWords } from '../../../permission-groups.ts';
import { refusalOf, wordsOf } from '../../../refusal.ts';

const TIMES = [
  { value: '1', label: i18n.t('One hour') },
  { value: '4', label: i18n.t('Four hours') },
  { value: '24', label: i18n.t('One day') },
  { value: '168', label: i18n.t('Seven days') },
] as const;
type Time = (typeof TIMES)[number]['value'];
const HOURS = { '1': 1, '4': 4, '24': 24, '168': 168 } as const satisfies Record<Time, number>;

const isOfSupport = (permission: string): permission is SupportPermission =>
  (SUPPORT_PERMISSIONS as readonly string[]).includes(permission);
/** What support can be let do, as people think of it, without what nothing asks for yet. */
const GROUPS = PERMISSION_GROUPS.map(({ title, permissions }) => ({
  title,
  permissions: permissions.filter(isOfSupport).filter((permission) => !COMING.has(permission)),
})).filter(({ permissions }) => permissions.length > 0);
const LOOKING = GROUPS[0]?.permissions ?? [];

/** Asks whom, why, for how long, and what they may do: looking, unless somebody chooses more. */
export function SupportDialog({
  api,
  siteName,
  onClose,
}: {
  readonly api: Api;
  readonly siteName: string;
  readonly onClose: () => void;
}) {
  const [email, setEmail] = useState('');
  const [reason, setReason] = useState('');
  const [time, setTime] = useState<Time>('4');
  const [chosen, setChosen] = useState<readonly SupportPermission[]>(LOOKING);
  const [tried, setTried] = useState(false);
  const emailField = useRef<HTMLInputElement>(null);
  const reasonField = useRef<HTMLInputElement>(null);
  const open = useMutation(
    api.support.open.mutationOptions({
      onSuccess: () => {
        toast({
          title: i18n.t('Support is let in'),
          description: i18n.t('They have a mail with the way into {siteName}.', { siteName }),
        });
        onClose();
        return Promise.all([
          queryClient.invalidateQueries(api.team.pathFilter()),
          queryClient.invalidateQueries(api.site.pathFilter()),
        ]);
      },
    }),
  );
  const said = refusalOf(open.error)?.fields;
  const errors = {
    email:
      said?.['email'] ??
      (tried && email.trim() === '' ? i18n.t('Say whom: the address they sign in with.') : undefined),
    reason: said?.['reason'] ?? (tried && reason.trim() === '' ? i18n.t('Say what they are to look at.') : undefined),
    permissions: tried && chosen.length === 0 ? i18n.t('Choose what they may see.') : undefined,
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (email.trim() === '') return emailField.current?.focus();
    if (reason.trim() === '') return reasonField.current?.focus();
    if (chosen.length === 0) return;
    open.mutate(
      { email, reason, hours: HOURS[time], permissions: [...chosen] },
      { onError: (error) => (refusalOf(error)?.field === 'reason' ? reasonField : emailField).current?.focus() },
    );
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={i18n.t('Let support in')}
      description={i18n.t(
        'Somebody who runs this installation may come into {siteName} until the time is over. Everybody who works here sees it.',
        { siteName },
      )}
      initialFocus={emailField}
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Cancel')}</Button>
          <Button
            type="submit"
            form="let-support-in"
            variant="primary"
            busyLabel={open.isPending && i18n.t('Letting in …')}
          >
            {i18n.t('Let them in')}
          </Button>
        </>
      }
    >
      <form id="let-support-in" noValidate className="flex flex-col gap-4 pb-1" onSubmit={submit}>
        {open.error && !said && <Notice tone="danger">{wordsOf(open.error)}</Notice>}
        <TextField
          ref={emailField}
          label={i18n.t('Their e-mail')}
          type="email"
          name="email"
          autoComplete="off"
          spellCheck={false}
          value={email}
          onValueChange={(next) => {
            setEmail(next);
            open.reset();
          }}
          error={errors.email}
          help={i18n.t('The address with which they sign in here.')}
        />
        <TextField
          ref={reasonField}
          label={i18n.t('What they are to look at')}
          name="reason"
          autoComplete="off"
          maxLength={SUPPORT_REASON_MAX}
          value={reason}
          onValueChange={(next) => {
            setReason(next);
            open.reset();
          }}
          error={errors.reason}
        />
        <Select label={i18n.t('For how long')} value={time} options={TIMES} onChange={setTime} />
        {GROUPS.map(({ title, permissions }) => (
          <fieldset key={title} className="flex flex-col gap-1.5">
            <legend className="mb-1.5 text-13 font-medium">{title}</legend>
            {permissions.map((permission) => (
              <Checkbox
                key={permission}
                checked={chosen.includes(permission) || comesAlong(chosen, permission)}
                label={permissionWords(permission)}
                onChange={(isOn) => {
                  open.reset();
                  setChosen(isOn ? [...chosen, permission] : chosen.filter((one) => one !== permission));
                }}
              />
            ))}
          </fieldset>
        ))}
        {errors.permissions !== undefined && (
          <p role="alert" className="text-13 text-danger">
            {errors.permissions}
          </p>
        )}
        <p className="text-13 text-ink-soft">
          {i18n.t('They never invite anybody, choose roles, connect services, or export anything.')}
        </p>
      </form>
    </Dialog>
  );
}
