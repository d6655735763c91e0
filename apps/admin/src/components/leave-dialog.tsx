import { i18n } from '../words.ts';
import { Button, Dialog, Notice } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import type { Api } from '../api.ts';
import { wordsOf } from '../refusal.ts';

/** Leaves a site for good: only an invitation leads back. */
export function LeaveDialog({
  api,
  siteName,
  asSupport = false,
  onClose,
}: {
  readonly api: Api;
  readonly siteName: string;
  /** Let in by an owner, and no member. */
  readonly asSupport?: boolean;
  readonly onClose: () => void;
}) {
  const leave = useMutation(
    api.team.leave.mutationOptions({
      // A fresh page: nothing of the site is kept, in sight or out of it.
      onSuccess: () => window.location.assign('/'),
    }),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={i18n.t('Leave {siteName}?', { siteName })}
      description={
        asSupport
          ? i18n.t('Your access as support ends now. Only an owner can let you in again.')
          : i18n.t(
              'You see nothing of it any more, and invitations you have sent are taken back. Only an invitation leads back.',
            )
      }
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Stay')}</Button>
          <Button variant="danger" busyLabel={leave.isPending && i18n.t('Leaving …')} onClick={() => leave.mutate()}>
            {i18n.t('Leave {siteName}', { siteName })}
          </Button>
        </>
      }
    >
      {leave.error && <Notice tone="danger">{wordsOf(leave.error)}</Notice>}
    </Dialog>
  );
}
