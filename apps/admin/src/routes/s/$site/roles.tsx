import { i18n } from '../../../words.ts';
import { Button, EmptyState, Notice, PageHeader, toast } from '@souk/ui/admin';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { Plus, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { type Api, queryClient } from '../../../api.ts';
import { ListSkeleton } from '../../../components/list-parts.tsx';
import { UnsavedChanges } from '../../../components/unsaved-changes.tsx';
import { refusalOf, wordsOf } from '../../../refusal.ts';
import { NewRoleDialog, RenameRoleDialog, RetireRoleDialog } from './-role-dialogs.tsx';
import { RoleMatrix } from './-role-matrix.tsx';

const rolesOptions = (api: Api) => api.roles.list.queryOptions(undefined, { staleTime: 10_000 });
export type Role = Awaited<ReturnType<Api['client']['roles']['list']['query']>>['roles'][number];

export const Route = createFileRoute('/s/$site/roles')({
  loader: ({ context }) => context.queryClient.ensureQueryData(rolesOptions(context.api)),
  head: ({ match }) => ({ meta: [{ title: `${i18n.t('Roles')} · ${match.context.site?.name ?? ''}` }] }),
  pendingComponent: () => <ListSkeleton label={i18n.t('The roles are being loaded')} />,
  component: RolesPage,
});

/** What is chosen for roles and not saved yet, with the version it was chosen for. */
type Drafts = Readonly<Record<string, { readonly version: number; readonly permissions: readonly string[] }>>;
type Asking = { readonly what: 'rename' | 'retire'; readonly role: Role };

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((permission) => b.includes(permission));

function RolesPage() {
  const { api, site } = Route.useRouteContext();
  const { data } = useSuspenseQuery(rolesOptions(api));
  const [drafts, setDrafts] = useState<Drafts>({});
  const [isMaking, setMaking] = useState(false);
  const [asking, setAsking] = useState<Asking>();
  const changed = data.roles.filter((role) => role.roleId in drafts);
  const save = useMutation({
    // One after the other: what was saved before one is refused stays saved, and is no draft any more.
    mutationFn: async () => {
      for (const role of changed) {
        const draft = drafts[role.roleId];
        if (!draft) continue;
        await api.client.roles.save.mutate({
          roleId: role.roleId,
          version: draft.version,
          name: role.name,
          description: role.description,
          permissions: [...draft.permissions] as Permissions,
        });
        forget(role.roleId);
      }
    },
    onSuccess: () =>
      toast({
        title: i18n.t('Saved'),
        description: i18n.t('It counts from this moment for everybody in these roles.'),
      }),
    onSettled: () => queryClient.invalidateQueries(api.roles.pathFilter()),
  });
  const forget = (roleId: string): void => setDrafts(({ [roleId]: _gone, ...rest }) => rest);

  const choose = (role: Role, permissions: readonly string[]): void => {
    save.reset();
    if (sameSet(permissions, role.permissions)) return forget(role.roleId);
    setDrafts((now) => ({
      ...now,
      [role.roleId]: { version: now[role.roleId]?.version ?? role.version, permissions },
    }));
  };
  // Somebody else was faster: what they chose is what stands there now.
  const overtaken = changed.filter((role) => drafts[role.roleId]?.version !== role.version);
  return (
    <>
      <PageHeader
        title={i18n.t('Roles')}
        actions={
          data.mayMake && (
            <Button
              variant="primary"
              icon={<Plus size={16} aria-hidden />}
              onClick={() => setMaking(true)}
              className="max-sm:w-full"
            >
              {i18n.t('New role')}
            </Button>
          )
        }
      >
        {i18n.t('What people of {siteName} may do. Nobody gives more than they hold themselves.', {
          siteName: site.name,
        })}
      </PageHeader>

      {data.roles.length === 0 ? (
        <EmptyState icon={<ShieldCheck size={20} aria-hidden />} title={i18n.t('There are no roles yet')} />
      ) : (
        <RoleMatrix
          roles={data.roles}
          mine={site.permissions}
          chosen={(role) => drafts[role.roleId]?.permissions ?? role.permissions}
          isChanged={(role) => role.roleId in drafts}
          onChoose={choose}
          onRename={(role) => setAsking({ what: 'rename', role })}
          onRetire={(role) => setAsking({ what: 'retire', role })}
        />
      )}

      {changed.length > 0 && (
        <div className="sticky bottom-16 z-10 mt-4 flex flex-col gap-3 rounded-card bg-raised p-3 shadow-float ring-1 ring-line lg:bottom-4">
          {save.error && refusalOf(save.error)?.code !== 'stale_version' && (
            <Notice tone="danger">{wordsOf(save.error)}</Notice>
          )}
          {overtaken.map((role) => (
            <Notice key={role.roleId} tone="warning">
              {i18n.t(
                '{n, plural, one {Somebody changed “{role}” while you did. They left it with one permission.} other {Somebody changed “{role}” while you did. They left it with # permissions.}}',
                { n: role.permissions.length, role: role.name },
              )}
              <span className="mt-2 flex flex-wrap gap-2">
                <Button size="small" onClick={() => forget(role.roleId)}>
                  {i18n.t('Keep theirs')}
                </Button>
                <Button
                  size="small"
                  onClick={() =>
                    setDrafts((now) => ({
                      ...now,
                      [role.roleId]: { version: role.version, permissions: now[role.roleId]?.permissions ?? [] },
                    }))
                  }
                >
                  {i18n.t('Put mine in its place')}
                </Button>
                <Button
                  size="small"
                  onClick={() =>
                    setDrafts((now) => ({
                      ...now,
                      [role.roleId]: {
                        version: role.version,
                        permissions: [...new Set([...role.permissions, ...(now[role.roleId]?.permissions ?? [])])],
                      },
                    }))
                  }
                >
                  {i18n.t('Allow both')}
                </Button>
              </span>
            </Notice>
          ))}
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p aria-live="polite" className="text-14">
              {changed.length === 1
                ? i18n.t('“{name}” is changed, not saved.', { name: changed[0]?.name })
                : i18n.t('{n} roles are changed, not saved.', { n: changed.length })}
            </p>
            <span className="flex gap-2">
              <Button
                onClick={() => {
                  setDrafts({});
                  save.reset();
                }}
              >
                {i18n.t('Discard')}
              </Button>
              <Button
                variant="primary"
                disabled={overtaken.length > 0}
                busyLabel={save.isPending && i18n.t('Saving …')}
                onClick={() => save.mutate()}
              >
                {i18n.t('Save')}
              </Button>
            </span>
          </div>
        </div>
      )}

      <UnsavedChanges dirty={changed.length > 0} what={i18n.t('the roles')} />
      {isMaking && (
        <NewRoleDialog api={api} roles={data.roles} mine={site.permissions} onClose={() => setMaking(false)} />
      )}
      {asking?.what === 'rename' && (
        <RenameRoleDialog api={api} role={asking.role} onClose={() => setAsking(undefined)} />
      )}
      {asking?.what === 'retire' && (
        <RetireRoleDialog api={api} role={asking.role} onClose={() => setAsking(undefined)} />
      )}
    </>
  );
}

export type Permissions = Parameters<Api['client']['roles']['save']['mutate']>[0]['permissions'];
