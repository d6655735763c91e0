import { i18n } from '../../../words.ts';
import { holds, isPermission } from '@souk/domain/identity';
import { Button, Dialog, Notice, Select, TextField, toast } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { type Api, queryClient } from '../../../api.ts';
import { refusalOf, wordsOf } from '../../../refusal.ts';
import type { Permissions, Role } from './roles.tsx';

const refresh = (api: Api): Promise<unknown> =>
  Promise.all([
    queryClient.invalidateQueries(api.roles.pathFilter()),
    queryClient.invalidateQueries(api.team.pathFilter()),
  ]);

/** The form of a role's name and description, with whatever else is chosen in it. */
function RoleForm({
  id,
  name,
  description,
  onName,
  onDescription,
  error,
  onSubmit,
  field,
  children,
}: {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly onName: (name: string) => void;
  readonly onDescription: (description: string) => void;
  readonly error: unknown;
  readonly onSubmit: () => void;
  readonly field: React.RefObject<HTMLInputElement | null>;
  readonly children?: React.ReactNode;
}) {
  const fields = refusalOf(error)?.fields;
  return (
    <form
      id={id}
      noValidate
      className="flex flex-col gap-4 pb-1"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {error !== null && !fields && <Notice tone="danger">{wordsOf(error)}</Notice>}
      <TextField
        ref={field}
        label={i18n.t('Name')}
        name="name"
        autoComplete="off"
        maxLength={80}
        value={name}
        onValueChange={onName}
        error={fields?.['name']}
      />
      <TextField
        label={i18n.t('Description')}
        optional
        name="description"
        autoComplete="off"
        maxLength={200}
        value={description}
        onValueChange={onDescription}
        error={fields?.['description']}
        help={i18n.t('One line that says who it is for.')}
      />
      {children}
    </form>
  );
}

/** What may be taken over from another role: as much of it as one holds. */
const within = (role: Role | undefined, mine: readonly string[]): Permissions =>
  (role?.permissions ?? []).filter(isPermission).filter((permission) => holds(mine.filter(isPermission), permission));

export function NewRoleDialog({
  api,
  roles,
  mine,
  onClose,
}: {
  readonly api: Api;
  readonly roles: readonly Role[];
  readonly mine: readonly string[];
  readonly onClose: () => void;
}) {
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [like, setLike] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const create = useMutation(
    api.roles.create.mutationOptions({
      onSuccess: () => {
        toast({
          title: i18n.t('The role “{name}” is made', { name: name.trim() }),
          description: i18n.t('Tick what it may do, then give it on the team’s page.'),
        });
        onClose();
        return refresh(api);
      },
    }),
  );
  const permissions = within(
    roles.find((role) => role.roleId === like),
    mine,
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={i18n.t('New role')}
      description={i18n.t('It is made first; what it may do you tick afterwards.')}
      initialFocus={field}
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Cancel')}</Button>
          <Button type="submit" form="new-role" variant="primary" busyLabel={create.isPending && i18n.t('Making …')}>
            {i18n.t('Make the role')}
          </Button>
        </>
      }
    >
      <RoleForm
        id="new-role"
        {...{ name, description, field }}
        error={create.error}
        onName={(next) => {
          setName(next);
          create.reset();
        }}
        onDescription={setDescription}
        onSubmit={() => create.mutate({ name, description, permissions }, { onError: () => field.current?.focus() })}
      >
        <Select
          label={i18n.t('Begin with')}
          value={like}
          options={[
            { value: '', label: i18n.t('Nothing') },
            ...roles.map((role) => ({
              value: role.roleId,
              label: i18n.t('What {roleName} may do', { roleName: role.name }),
            })),
          ]}
          onChange={setLike}
          {...(like === ''
            ? {}
            : {
                help: i18n.t('{n, plural, one {One permission.} other {# permissions, all of which you hold.}}', {
                  n: permissions.length,
                }),
              })}
        />
      </RoleForm>
    </Dialog>
  );
}

type About = { readonly api: Api; readonly role: Role; readonly onClose: () => void };

export function RenameRoleDialog({ api, role, onClose }: About) {
  const [name, setName] = useState(role.name);
  const [description, setDescription] = useState(role.description);
  const field = useRef<HTMLInputElement>(null);
  const save = useMutation(
    api.roles.save.mutationOptions({
      onSuccess: () => {
        toast({ title: i18n.t('Saved') });
        onClose();
        return refresh(api);
      },
    }),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={i18n.t('The role “{roleName}”', { roleName: role.name })}
      initialFocus={field}
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Cancel')}</Button>
          <Button type="submit" form="role" variant="primary" busyLabel={save.isPending && i18n.t('Saving …')}>
            {i18n.t('Save')}
          </Button>
        </>
      }
    >
      <RoleForm
        id="role"
        {...{ name, description, field }}
        error={save.error}
        onName={(next) => {
          setName(next);
          save.reset();
        }}
        onDescription={setDescription}
        onSubmit={() =>
          save.mutate(
            {
              roleId: role.roleId,
              version: role.version,
              name,
              description,
              permissions: role.permissions.filter(isPermission),
            },
            { onError: () => field.current?.focus() },
          )
        }
      />
    </Dialog>
  );
}

export function RetireRoleDialog({ api, role, onClose }: About) {
  const isUsed = role.members + role.invitations > 0;
  const retire = useMutation(
    api.roles.retire.mutationOptions({
      onSuccess: () => {
        toast({ title: i18n.t('The role “{roleName}” is deleted', { roleName: role.name }) });
        onClose();
        return refresh(api);
      },
    }),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={
        isUsed
          ? i18n.t('“{roleName}” is still in use', { roleName: role.name })
          : i18n.t('Delete “{roleName}”?', { roleName: role.name })
      }
      description={
        isUsed
          ? i18n.t(
              'Somebody is in this role, or invited to it. Give them another role on the team’s page, then delete it.',
            )
          : i18n.t('Nobody is in this role. What was done in it stays in the log.')
      }
      actions={
        <>
          <Button onClick={onClose}>{isUsed ? i18n.t('Close') : i18n.t('Keep')}</Button>
          {!isUsed && (
            <Button
              variant="danger"
              busyLabel={retire.isPending && i18n.t('Deleting …')}
              onClick={() => retire.mutate({ roleId: role.roleId, version: role.version })}
            >
              {i18n.t('Delete the role')}
            </Button>
          )}
        </>
      }
    >
      {retire.error && <Notice tone="danger">{wordsOf(retire.error)}</Notice>}
    </Dialog>
  );
}
