import { i18n } from '../../words.ts';
import { Button, Checkbox, Dialog, Notice, toast } from '@souk/ui/admin';
import { useState } from 'react';

/** Saves the codes as a file of the browser's own making: they go to no server again. */
function download(codes: readonly string[]): void {
  const text = [
    i18n.t('Recovery codes of Souk at {host}', { host: window.location.host }),
    i18n.t('Each works once, in the place of a code of your app.'),
    '',
    ...codes,
    '',
  ].join('\n');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  link.download = 'souk-recovery-codes.txt';
  link.click();
  URL.revokeObjectURL(link.href);
}

/** The codes for the day the phone is lost. They are shown this once. */
export function RecoveryCodes({ codes, onClose }: { readonly codes: readonly string[]; readonly onClose: () => void }) {
  const [isSaved, setSaved] = useState(false);
  return (
    <Dialog
      open
      title={i18n.t('Save your recovery codes')}
      description={i18n.t(
        'When your phone is lost, one of these signs you in instead. Each works once. They are not shown again.',
      )}
      actions={
        <Button variant="primary" disabled={!isSaved} onClick={onClose}>
          {i18n.t('Done')}
        </Button>
      }
    >
      <div className="flex flex-col gap-4 pb-1">
        <ul
          aria-label={i18n.t('Recovery codes')}
          className="grid grid-cols-2 gap-x-6 gap-y-1.5 rounded-card bg-pressed/50 p-4 font-mono text-14"
        >
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <div className="flex flex-wrap gap-2">
          <Button size="small" onClick={() => download(codes)}>
            {i18n.t('Download')}
          </Button>
          <Button
            size="small"
            onClick={() =>
              void navigator.clipboard
                .writeText(codes.join('\n'))
                .then(() => toast({ title: i18n.t('The codes are copied') }))
                .catch(() =>
                  toast({ title: i18n.t('They could not be copied'), description: i18n.t('Download them instead.') }),
                )
            }
          >
            {i18n.t('Copy')}
          </Button>
        </div>
        <Notice>{i18n.t('Keep them where your phone is not: on paper, or in a password manager.')}</Notice>
        <Checkbox checked={isSaved} onChange={setSaved} label={i18n.t('I have saved them')} />
      </div>
    </Dialog>
  );
}
