import { i18n } from '../words.ts';
import { Button, Dialog } from '@souk/ui/admin';
import { useBlocker } from '@tanstack/react-router';

/** Asks before somebody leaves what they have not saved: by a link, the back button, a closed tab. */
export function UnsavedChanges({ dirty, what }: { readonly dirty: boolean; readonly what: string }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  });
  return (
    <Dialog
      open={status === 'blocked'}
      onClose={() => reset?.()}
      title={i18n.t('Leave without saving?')}
      description={i18n.t('What you have changed of {what} is not saved yet. It is lost when you leave.', { what })}
      actions={
        <>
          <Button variant="danger" onClick={() => proceed?.()}>
            {i18n.t('Leave without saving')}
          </Button>
          <Button variant="primary" onClick={() => reset?.()}>
            {i18n.t('Stay and go on')}
          </Button>
        </>
      }
    />
  );
}

/** Appears with the first unsaved change and stays in sight: what is not saved, and the two ways out of it. */
export function SaveBar({
  dirty,
  label,
  busy,
  form,
  onDiscard,
}: {
  readonly dirty: boolean;
  /** What the button does, as a verb. */
  readonly label: string;
  readonly busy: boolean;
  /** The id of the form it submits. */
  readonly form: string;
  readonly onDiscard: () => void;
}) {
  if (!dirty && !busy) return null;
  return (
    <div className="sticky bottom-20 z-10 mt-5 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-card bg-raised px-4 py-3 shadow-float ring-1 ring-line lg:bottom-5">
      <p role="status" className="flex-1 text-14 font-medium whitespace-nowrap">
        {i18n.t('Unsaved changes')}
      </p>
      <span className="flex gap-2">
        <Button disabled={busy} onClick={onDiscard}>
          {i18n.t('Discard')}
        </Button>
        <Button type="submit" form={form} variant="primary" busyLabel={busy && i18n.t('Saving …')}>
          {label}
        </Button>
      </span>
    </div>
  );
}
