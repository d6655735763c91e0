import { i18n } from '../../../words.ts';
import { type Permission, holds, isPermission } from '@souk/domain/identity';
import { Badge, Checkbox, IconButton, Menu, MenuItem, Select, classNames } from '@souk/ui/admin';
import { MoreHorizontal, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { COMING, PERMISSION_GROUPS, comesAlong, permissionWords } from '../../../permission-groups.ts';
import type { Role } from './roles.tsx';

type MatrixProps = {
  readonly roles: readonly Role[];
  /** What whoever looks holds: more is not theirs to give. */
  readonly mine: readonly string[];
  readonly chosen: (role: Role) => readonly string[];
  readonly isChanged: (role: Role) => boolean;
  readonly onChoose: (role: Role, permissions: readonly string[]) => void;
  readonly onRename: (role: Role) => void;
  readonly onRetire: (role: Role) => void;
};

/** Permissions down, roles across; on a phone one role at a time. */
export function RoleMatrix(props: MatrixProps) {
  const { roles } = props;
  const [shownId, setShownId] = useState(roles[0]?.roleId ?? '');
  const shown = roles.find((role) => role.roleId === shownId) ?? roles[0];
  return (
    <>
      <div className="mb-3 sm:hidden">
        <Select
          label={i18n.t('Role')}
          value={shown?.roleId ?? ''}
          options={roles.map((role) => ({ value: role.roleId, label: role.name }))}
          onChange={setShownId}
        />
      </div>
      <div className="overflow-x-auto rounded-card bg-surface shadow-card ring-1 ring-line sm:hidden">
        {shown && <Table {...props} roles={[shown]} />}
      </div>
      <div className="hidden overflow-x-auto rounded-card bg-surface shadow-card ring-1 ring-line sm:block">
        <Table {...props} />
      </div>
    </>
  );
}

const peopleOf = ({ members, invitations }: Role): string =>
  [
    i18n.t('{n, plural, one {# person} other {# people}}', { n: members }),
    invitations > 0 && i18n.t('{n, plural, one {# invitation} other {# invitations}}', { n: invitations }),
  ]
    .filter(Boolean)
    .join(', ');

function Table({ roles, mine, chosen, isChanged, onChoose, onRename, onRetire }: MatrixProps) {
  return (
    <table className="w-full border-separate border-spacing-0 text-14">
      <caption className="sr-only">{i18n.t('What each role may do')}</caption>
      <thead>
        <tr>
          <th scope="col" className="sticky inset-s-0 z-10 border-b border-line bg-surface px-4 py-3 text-start">
            <span className="sr-only">{i18n.t('Permission')}</span>
          </th>
          {roles.map((role) => (
            <th key={role.roleId} scope="col" className="border-b border-line px-3 py-3 text-center align-top">
              <span className="flex items-start justify-center gap-1">
                <span className="min-w-24">
                  <span className="block max-w-40 truncate font-semibold" title={role.name}>
                    {role.name}
                  </span>
                  <span className="block text-12 font-normal text-ink-soft">{peopleOf(role)}</span>
                  {isChanged(role) && <Badge tone="accent">{i18n.t('changed')}</Badge>}
                </span>
                {role.mayChange && (
                  <Menu
                    trigger={
                      <IconButton label={i18n.t('More about {roleName}', { roleName: role.name })}>
                        <MoreHorizontal size={16} aria-hidden />
                      </IconButton>
                    }
                  >
                    <MenuItem icon={<Pencil size={15} aria-hidden />} onSelect={() => onRename(role)}>
                      {i18n.t('Name and description')}
                    </MenuItem>
                    <MenuItem icon={<Trash2 size={15} aria-hidden />} danger onSelect={() => onRetire(role)}>
                      {i18n.t('Delete')}
                    </MenuItem>
                  </Menu>
                )}
              </span>
            </th>
          ))}
        </tr>
      </thead>
      {PERMISSION_GROUPS.map((group) => (
        <tbody key={group.title}>
          <tr>
            <th
              scope="rowgroup"
              colSpan={roles.length + 1}
              className="bg-ground px-4 py-1.5 text-start text-12 font-medium text-ink-soft"
            >
              <span className="sticky inset-s-4">{group.title}</span>
            </th>
          </tr>
          {group.permissions.map((permission) => (
            <tr key={permission} className="group/row">
              <th
                scope="row"
                className="sticky inset-s-0 z-10 h-10 border-b border-line bg-surface px-4 py-1.5 text-start font-normal group-hover/row:bg-hover"
              >
                {permissionWords(permission)}
                {COMING.has(permission) && <span className="ms-2 text-12 text-ink-faint">{i18n.t('comes later')}</span>}
              </th>
              {roles.map((role) => (
                <td
                  key={role.roleId}
                  className={classNames(
                    'h-10 border-b border-line px-3 text-center group-hover/row:bg-hover',
                    isChanged(role) && 'bg-accent-soft/40',
                  )}
                >
                  <Cell role={role} permission={permission} mine={mine} chosen={chosen(role)} onChoose={onChoose} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

function Cell({
  role,
  permission,
  mine,
  chosen,
  onChoose,
}: {
  readonly role: Role;
  readonly permission: Permission;
  readonly mine: readonly string[];
  readonly chosen: readonly string[];
  readonly onChoose: MatrixProps['onChoose'];
}) {
  const along = comesAlong(chosen, permission);
  const isMine = holds(mine.filter(isPermission), permission);
  const why = along
    ? i18n.t(', comes with managing them')
    : !isMine
      ? i18n.t(', you do not hold it yourself')
      : role.mayChange
        ? ''
        : i18n.t(', not yours to change');
  return (
    <Checkbox
      checked={along || chosen.includes(permission)}
      disabled={along || !isMine || !role.mayChange}
      labelHidden
      label={`${role.name}: ${permissionWords(permission)}${why}`}
      onChange={(isOn) => onChoose(role, isOn ? [...chosen, permission] : chosen.filter((held) => held !== permission))}
    />
  );
}
