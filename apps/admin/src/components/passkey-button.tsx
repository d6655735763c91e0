import { i18n } from '../words.ts';
import { Button } from '@souk/ui/admin';
import { KeyRound } from 'lucide-react';
import type { Ref } from 'react';

/** Asks the device for a passkey. */
export const PasskeyButton = ({
  ref,
  isPending,
  onClick,
  isFirst = false,
  children = i18n.t('Use your passkey'),
}: {
  readonly ref?: Ref<HTMLButtonElement>;
  readonly isPending: boolean;
  readonly onClick: () => void;
  /** Whether it is what most people here want. */
  readonly isFirst?: boolean;
  readonly children?: string;
}) => (
  <Button
    {...(ref === undefined ? {} : { ref })}
    variant={isFirst ? 'primary' : 'secondary'}
    icon={<KeyRound size={16} aria-hidden />}
    busyLabel={isPending && i18n.t('Waiting for your device …')}
    onClick={onClick}
  >
    {children}
  </Button>
);

/** The other way, below a line. */
export const OrElse = () => (
  <p aria-hidden className="flex items-center gap-3 text-13 text-ink-soft">
    <span className="h-px flex-1 bg-line" />
    {i18n.t('or')}
    <span className="h-px flex-1 bg-line" />
  </p>
);
