import { i18n } from '../words.ts';
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { CircleUserRound, DoorOpen, Keyboard, LogOut, ServerCog } from 'lucide-react';
import { apiOf, queryClient } from '../api.ts';
import { forgetKept } from '../kept.ts';
import { sessionFound } from '../session.ts';
import { setTheme, useTheme } from '../theme.ts';
import { PersonInitials } from './person-initials.tsx';

export const THEMES = [
  { value: 'system', label: i18n.t('As the system') },
  { value: 'light', label: i18n.t('Light') },
  { value: 'dark', label: i18n.t('Dark') },
] as const;

/** Who is signed in, how it looks, and the way out. */
export function AccountMenu({
  name,
  email,
  isOperator = false,
  compact = false,
  onHelp,
  onLeave,
}: {
  readonly name: string;
  readonly email: string;
  readonly isOperator?: boolean;
  readonly compact?: boolean;
  readonly onHelp?: () => void;
  /** Inside a site: asks whether to leave it for good. */
  readonly onLeave?: () => void;
}) {
  const theme = useTheme();
  const navigate = useNavigate();
  const signOut = useMutation(
    apiOf(undefined).account.signOut.mutationOptions({
      // Also when the session had ended already: whoever wants to leave, leaves.
      onSettled: async () => {
        sessionFound();
        forgetKept();
        await navigate({ to: '/sign-in' });
        queryClient.clear();
      },
    }),
  );
  return (
    <Menu
      align={compact ? 'end' : 'start'}
      side={compact ? 'bottom' : 'top'}
      trigger={
        <button
          type="button"
          {...(compact ? { 'aria-label': i18n.t('Account of {name}', { name }) } : {})}
          className="flex min-h-9 min-w-0 items-center gap-2.5 rounded-control px-1.5 py-1 text-start transition-colors hover:bg-pressed/60 touch:min-h-11"
        >
          <PersonInitials name={name} />
          {!compact && <span className="min-w-0 flex-1 truncate text-13 font-medium">{name}</span>}
        </button>
      }
    >
      <div className="px-2.5 pt-2 pb-1.5">
        <p className="truncate text-14 font-semibold">{name}</p>
        <p className="truncate text-13 text-ink-soft">{email}</p>
      </div>
      <MenuSeparator />
      <MenuChoice label={i18n.t('Appearance')} value={theme} options={THEMES} onChange={setTheme} />
      <MenuSeparator />
      <MenuItem icon={<CircleUserRound size={15} aria-hidden />} render={<Link to="/account" />}>
        {i18n.t('Your account')}
      </MenuItem>
      {isOperator && (
        <MenuItem icon={<ServerCog size={15} aria-hidden />} render={<Link to="/operator" />}>
          {i18n.t('This installation')}
        </MenuItem>
      )}
      {onHelp && (
        <MenuItem icon={<Keyboard size={15} aria-hidden />} onSelect={onHelp}>
          {i18n.t('Keyboard shortcuts')}
        </MenuItem>
      )}
      {onLeave && (
        <MenuItem icon={<DoorOpen size={15} aria-hidden />} onSelect={onLeave}>
          {i18n.t('Leave this site …')}
        </MenuItem>
      )}
      <MenuItem icon={<LogOut size={15} aria-hidden />} onSelect={() => signOut.mutate()}>
        {i18n.t('Sign out')}
      </MenuItem>
    </Menu>
  );
}
