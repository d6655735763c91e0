import { i18n } from '../../../words.ts';
import { Button, Dialog, Notice, Select, toast } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type Api, queryClient } from '../../../api.ts';
import { wordsOf } from '../../../refusal.ts';
import type { Member, Team } from './team.tsx';

type About = {
  readonly api: Api;
  readonly member: Member;
  readonly roles: Team['roles'];
  readonly onClose: () => void;
};

const refresh = (api: Api): Promise<void> => queryClient.invalidateQueries(api.team.pathFilter());
const optionsOf = (roles: Team['roles']) => roles.map((role) => ({ value: role.roleId, label: role.name }));

/** Gives a member, or oneself, another role. */
export function ChangeRoleDialog({ api, member, roles, onClose }: About) {
  const [roleId, setRoleId] = useState(member.roleId);
  const given = roles.filter((role) => role.mayGive);
  const role = given.find((r) => r.roleId === roleId);
  const change = useMutation(
    api.team.changeRole.mutationOptions({
      onSuccess: async () => {
        const now = role?.name ?? i18n.t('something else');
        toast({
          title: member.isYou
            ? i18n.t('You are {role} now', { role: now })
            : i18n.t('{memberName} is {role} now', { memberName: member.name, role: now }),
        });
        onClose();
        // What one may do oneself may be another thing now: the page is made anew.
        if (member.isYou) return location.reload();
        await refresh(api);
      },
    }),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={
        member.isYou
          ? i18n.t('Change your role')
          : i18n.t('Change the role of {memberName}', { memberName: member.name })
      }
      description={i18n.t('It counts at once, in everything they have open.')}
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Cancel')}</Button>
          <Button
            variant="primary"
            disabled={roleId === member.roleId}
            busyLabel={change.isPending && i18n.t('Changing …')}
            onClick={() => change.mutate({ membershipId: member.membershipId, fromRoleId: member.roleId, roleId })}
          >
            {i18n.t('Change the role')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4 pb-1">
        {change.error && <Notice tone="danger">{wordsOf(change.error)}</Notice>}
        <Select
          label={i18n.t('Role')}
          value={roleId}
          options={optionsOf(given)}
          onChange={(next) => {
            setRoleId(next);
            change.reset();
          }}
          {...(role?.description ? { help: role.description } : {})}
        />
        {given.length < roles.length && (
          <p className="text-13 text-ink-soft">{i18n.t('Roles that may do more than you are not among them.')}</p>
        )}
        {member.isYou && <Notice tone="warning">{i18n.t('You may not be able to change it back yourself.')}</Notice>}
      </div>
    </Dialog>
  );
}

/** Makes somebody an owner in one's own place. */
export function TransferDialog({ api, member, roles, onClose, siteName }: About & { readonly siteName: string }) {
  const others = roles.filter((role) => !role.isOwner);
  const [ownRoleId, setOwnRoleId] = useState(
    others.find((role) => role.name === 'manager')?.roleId ?? others[0]?.roleId ?? '',
  );
  const transfer = useMutation(
    api.team.transferOwnership.mutationOptions({
      // Most of what is open may be closed to who was the owner.
      onSuccess: () => location.reload(),
    }),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={i18n.t('Make {memberName} the owner in your place?', { memberName: member.name })}
      description={i18n.t(
        '{memberName} may do everything in {siteName} from that moment, and only an owner can give it back to you.',
        { memberName: member.name, siteName },
      )}
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Stay the owner')}</Button>
          <Button
            variant="danger"
            busyLabel={transfer.isPending && i18n.t('Handing over …')}
            onClick={() => transfer.mutate({ membershipId: member.membershipId, ownRoleId })}
          >
            {i18n.t('Hand over')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4 pb-1">
        {transfer.error && <Notice tone="danger">{wordsOf(transfer.error)}</Notice>}
        <Select
          label={i18n.t('You will be')}
          value={ownRoleId}
          options={optionsOf(others)}
          onChange={(next) => {
            setOwnRoleId(next);
            transfer.reset();
          }}
        />
      </div>
    </Dialog>
  );
}
