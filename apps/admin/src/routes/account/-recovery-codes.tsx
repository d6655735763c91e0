import { Button, Checkbox, Dialog, Notice, toast } from '@souk/ui/admin';
import { useState } from 'react';

/** Saves the codes as a file of the browser's own making: they go to no server again. */
function download(codes: readonly string[]): void {
  const text = `Recovery codes of Souk at ${window.location.host}\nEach works once, in the place of a code of your app.\n\n${codes.join('\n')}\n`;
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
      title="Save your recovery codes"
      description="When your phone is lost, one of these signs you in instead. Each works once. They are not shown again."
      actions={
        <Button variant="primary" disabled={!isSaved} onClick={onClose}>
          Done
        </Button>
      }
    >
      <div className="flex flex-col gap-4 pb-1">
        <ul
          aria-label="Recovery codes"
          className="grid grid-cols-2 gap-x-6 gap-y-1.5 rounded-card bg-pressed/50 p-4 font-mono text-14"
        >
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <div className="flex flex-wrap gap-2">
          <Button size="small" onClick={() => download(codes)}>
            Download
          </Button>
          <Button
            size="small"
            onClick={() =>
              void navigator.clipboard
                .writeText(codes.join('\n'))
                .then(() => toast({ title: 'The codes are copied' }))
                .catch(() => toast({ title: 'They could not be copied', description: 'Download them instead.' }))
            }
          >
            Copy
          </Button>
        </div>
        <Notice>Keep them where your phone is not: on paper, or in a password manager.</Notice>
        <Checkbox checked={isSaved} onChange={setSaved} label="I have saved them" />
      </div>
    </Dialog>
  );
}
