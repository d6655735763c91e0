import { Trans } from '@lingui/react';
import { i18n } from '../../../words.ts';
import {
  Badge,
  Button,
  Card,
  Dialog,
  IconButton,
  Menu,
  MenuItem,
  Notice,
  PageHeader,
  RelativeTime,
  Select,
  StatusDot,
  TextField,
  toast,
} from '@souk/ui/admin';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { Crown, MoreHorizontal, UserCog, UserMinus, UserPlus } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { type Api, queryClient } from '../../../api.ts';
import { LeaveDialog } from '../../../components/leave-dialog.tsx';
import { ListSkeleton } from '../../../components/list-parts.tsx';
import { PersonInitials } from '../../../components/person-initials.tsx';
import { refusalOf, wordsOf } from '../../../refusal.ts';
import { SecondFactorCard } from './-second-factor-card.tsx';
import { SupportCard } from './-support-card.tsx';
import { ChangeRoleDialog, TransferDialog } from './-member-dialogs.tsx';

const teamOptions = (api: Api) => api.team.list.queryOptions(undefined, { staleTime: 10_000 });
export type Team = Awaited<ReturnType<Api['client']['team']['list']['query']>>;
export type Member = Team['members'][number];
type Invitation = Team['invitations'][number];

export const Route = createFileRoute('/s/$site/team')({
  loader: ({ context }) => context.queryClient.ensureQueryData(teamOptions(context.api)),
  head: ({ match }) => ({ meta: [{ title: `${i18n.t('Team')} · ${match.context.site?.name ?? ''}` }] }),
  pendingComponent: () => <ListSkeleton label={i18n.t('The team is being loaded')} />,
  component: TeamPage,
});

function TeamPage() {
  const { api, site } = Route.useRouteContext();
  const { data } = useSuspenseQuery(teamOptions(api));
  const [isInviting, setInviting] = useState(false);
  const [asking, setAsking] = useState<{ readonly what: 'remove' | 'change' | 'transfer'; readonly member: Member }>();
  const isOwner = data.members.some((member) => member.isYou && member.isOwner);
  const [isLeaving, setIsLeaving] = useState(false);
  return (
    <>
      <PageHeader
        title={i18n.t('Team')}
        actions={
          <Button
            variant="primary"
            icon={<UserPlus size={16} aria-hidden />}
            onClick={() => setInviting(true)}
            className="max-sm:w-full"
          >
            {i18n.t('Invite somebody')}
          </Button>
        }
      >
        {i18n.t('Who works on {siteName}, and as what.', { siteName: site.name })}
      </PageHeader>

      <Card title={i18n.t('Members')} aside={String(data.members.length)} flush>
        <ul aria-label={i18n.t('Members')} className="divide-y divide-line border-t border-line">
          {data.members.map((member) => (
            <li key={member.membershipId} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
              <PersonInitials name={member.name} />
              <div className="min-w-0 flex-1 basis-40">
                <p className="flex items-center gap-2 text-14 font-medium">
                  <span className="truncate">{member.name}</span>
                  {member.isYou && <Badge tone="accent">{i18n.t('you')}</Badge>}
                </p>
                <p className="truncate text-13 text-ink-soft">{member.email}</p>
              </div>
              <span className="w-24 text-14 max-sm:w-auto">{member.role}</span>
              <span className="w-36 text-end text-13 text-ink-soft max-md:hidden">
                <Trans id="since <0/>" components={{ 0: <RelativeTime at={member.since} /> }} />
              </span>
              <span className="flex w-9 justify-end">
                {(member.mayRemove || member.mayChange) && (
                  <Menu
                    trigger={
                      <IconButton
                        label={
                          member.isYou
                            ? i18n.t('More about yourself')
                            : i18n.t('More about {memberName}', { memberName: member.name })
                        }
                      >
                        <MoreHorizontal size={16} aria-hidden />
                      </IconButton>
                    }
                  >
                    {member.mayChange && (
                      <MenuItem
                        icon={<UserCog size={15} aria-hidden />}
                        onSelect={() => setAsking({ what: 'change', member })}
                      >
                        {i18n.t('Change the role')}
                      </MenuItem>
                    )}
                    {isOwner && !member.isYou && (
                      <MenuItem
                        icon={<Crown size={15} aria-hidden />}
                        onSelect={() => setAsking({ what: 'transfer', member })}
                      >
                        {i18n.t('Make the owner in your place')}
                      </MenuItem>
                    )}
                    {member.mayRemove && (
                      <MenuItem
                        danger
                        icon={<UserMinus size={15} aria-hidden />}
                        onSelect={() => (member.isYou ? setIsLeaving(true) : setAsking({ what: 'remove', member }))}
                      >
                        {member.isYou
                          ? i18n.t('Leave this site')
                          : i18n.t('Remove {memberName}', { memberName: member.name })}
                      </MenuItem>
                    )}
                  </Menu>
                )}
              </span>
            </li>
          ))}
        </ul>
      </Card>
      {data.members.some((member) => member.isLastOwner) && (
        <p className="mt-2 px-1 text-13 text-ink-soft">
          {i18n.t('A site keeps an owner. When another one has come, the present one can leave.')}
        </p>
      )}

      {data.invitations.length > 0 && (
        <Card title={i18n.t('Open invitations')} aside={String(data.invitations.length)} className="mt-4" flush>
          <ul aria-label={i18n.t('Open invitations')} className="divide-y divide-line border-t border-line">
            {data.invitations.map((invitation) => (
              <InvitationRow key={invitation.invitationId} api={api} invitation={invitation} />
            ))}
          </ul>
        </Card>
      )}

      <SecondFactorCard api={api} siteName={site.name} secondFactor={data.secondFactor} />

      <SupportCard api={api} siteName={site.name} support={data.support} />

      {isInviting && <InviteDialog api={api} roles={data.roles} onClose={() => setInviting(false)} />}
      {asking?.what === 'remove' && (
        <RemoveDialog api={api} siteName={site.name} member={asking.member} onClose={() => setAsking(undefined)} />
      )}
      {asking?.what === 'change' && (
        <ChangeRoleDialog api={api} member={asking.member} roles={data.roles} onClose={() => setAsking(undefined)} />
      )}
      {asking?.what === 'transfer' && (
        <TransferDialog
          api={api}
          siteName={site.name}
          member={asking.member}
          roles={data.roles}
          onClose={() => setAsking(undefined)}
        />
      )}
      {isLeaving && <LeaveDialog api={api} siteName={site.name} onClose={() => setIsLeaving(false)} />}
    </>
  );
}

/** How long an invitation is still good, in days begun. */
function daysLeft(end: string): string {
  const days = Math.max(1, Math.ceil((new Date(end).getTime() - Date.now()) / 86_400_000));
  return i18n.t('{n, plural, one {# day left} other {# days left}}', { n: days });
}

const refresh = (api: Api): Promise<void> => queryClient.invalidateQueries(api.team.pathFilter());

function InvitationRow({ api, invitation }: { readonly api: Api; readonly invitation: Invitation }) {
  const { invitationId, email } = invitation;
  const sendAgain = useMutation(
    api.team.sendAgain.mutationOptions({
      onSuccess: () => {
        toast({
          title: i18n.t('Sent to {email} again', { email }),
          description: i18n.t('The link in the mail before has stopped working.'),
        });
        return refresh(api);
      },
    }),
  );
  const revoke = useMutation(
    api.team.revoke.mutationOptions({
      onSuccess: () => {
        toast({ title: i18n.t('The invitation of {email} is taken back', { email }) });
        return refresh(api);
      },
    }),
  );
  const error = sendAgain.error ?? revoke.error;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-56">
        <p className="truncate text-14 font-medium">{email}</p>
        <p className="text-13 text-ink-soft">
          {invitation.invitedBy === '' ? (
            <Trans
              id="as {role}, sent <0/>"
              values={{ role: invitation.role }}
              components={{ 0: <RelativeTime at={invitation.sentAt} /> }}
            />
          ) : (
            <Trans
              id="as {role}, sent <0/> by {who}"
              values={{ role: invitation.role, who: invitation.invitedBy }}
              components={{ 0: <RelativeTime at={invitation.sentAt} /> }}
            />
          )}
        </p>
      </div>
      <StatusDot tone={invitation.isOver ? 'warning' : 'neutral'}>
        {invitation.isOver ? i18n.t('too old') : daysLeft(invitation.expiresAt)}
      </StatusDot>
      {invitation.mayChange && (
        <span className="flex gap-1">
          <Button
            size="small"
            busyLabel={sendAgain.isPending && i18n.t('Sending …')}
            aria-label={i18n.t('Send again: the invitation of {email}', { email })}
            onClick={() => sendAgain.mutate({ invitationId })}
          >
            {i18n.t('Send again')}
          </Button>
          <Button
            size="small"
            variant="quiet"
            busyLabel={revoke.isPending && i18n.t('Taking back …')}
            aria-label={i18n.t('Take back: the invitation of {email}', { email })}
            onClick={() => revoke.mutate({ invitationId })}
          >
            {i18n.t('Take back')}
          </Button>
        </span>
      )}
      {error && (
        <div className="basis-full">
          <Notice tone="danger">{wordsOf(error)}</Notice>
        </div>
      )}
    </li>
  );
}

function InviteDialog({
  api,
  roles,
  onClose,
}: {
  readonly api: Api;
  readonly roles: Team['roles'];
  readonly onClose: () => void;
}) {
  const given = roles.filter((role) => role.mayGive);
  // What is chosen by itself allows as little as possible to anybody who does more than look.
  const [roleId, setRoleId] = useState(
    given.find((role) => role.name === 'editor')?.roleId ?? given.at(-1)?.roleId ?? '',
  );
  const [email, setEmail] = useState('');
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const invite = useMutation(
    api.team.invite.mutationOptions({
      onSuccess: () => {
        toast({
          title: i18n.t('{email} is invited', { email: email.trim() }),
          description: i18n.t('A mail with a link is on its way.'),
        });
        onClose();
        return refresh(api);
      },
    }),
  );
  const said = refusalOf(invite.error)?.fields?.['email'];
  const error = said ?? (tried && email.trim() === '' ? i18n.t('Say where the invitation goes.') : undefined);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (email.trim() === '') return field.current?.focus();
    invite.mutate({ email, roleId }, { onError: () => field.current?.focus() });
  };
  const role = given.find((r) => r.roleId === roleId);
  return (
    <Dialog
      open
      onClose={onClose}
      title={i18n.t('Invite somebody')}
      description={i18n.t('They get a mail with a link. It is good for seven days and works once.')}
      initialFocus={field}
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Cancel')}</Button>
          <Button type="submit" form="invite" variant="primary" busyLabel={invite.isPending && i18n.t('Inviting …')}>
            {i18n.t('Send the invitation')}
          </Button>
        </>
      }
    >
      <form id="invite" onSubmit={submit} noValidate className="flex flex-col gap-4 pb-1">
        {invite.error && said === undefined && <Notice tone="danger">{wordsOf(invite.error)}</Notice>}
        <TextField
          ref={field}
          label={i18n.t('E-mail')}
          type="email"
          name="email"
          autoComplete="off"
          spellCheck={false}
          value={email}
          onValueChange={(next) => {
            setEmail(next);
            invite.reset();
          }}
          error={error}
        />
        <Select
          label={i18n.t('Role')}
          value={roleId}
          options={given.map((r) => ({ value: r.roleId, label: r.name }))}
          onChange={setRoleId}
          {...(role?.description ? { help: role.description } : {})}
        />
        {given.length < roles.length && (
          <p className="text-13 text-ink-soft">{i18n.t('Roles that may do more than you are not among them.')}</p>
        )}
      </form>
    </Dialog>
  );
}

function RemoveDialog({
  api,
  siteName,
  member,
  onClose,
}: {
  readonly api: Api;
  readonly siteName: string;
  readonly member: Member;
  readonly onClose: () => void;
}) {
  const remove = useMutation(
    api.team.remove.mutationOptions({
      onSuccess: () => {
        toast({ title: i18n.t('{memberName} is no member any more', { memberName: member.name }) });
        onClose();
        return refresh(api);
      },
    }),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={i18n.t('Remove {memberName}?', { memberName: member.name })}
      description={i18n.t(
        'Whatever they have open of {siteName} closes at once, and invitations they have sent are taken back. What they did stays in the log. You can invite them again.',
        { siteName },
      )}
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Keep')}</Button>
          <Button
            variant="danger"
            busyLabel={remove.isPending && i18n.t('Removing …')}
            onClick={() => remove.mutate({ membershipId: member.membershipId })}
          >
            {i18n.t('Remove {memberName}', { memberName: member.name })}
          </Button>
        </>
      }
    >
      {remove.error && <Notice tone="danger">{wordsOf(remove.error)}</Notice>}
    </Dialog>
  );
}
