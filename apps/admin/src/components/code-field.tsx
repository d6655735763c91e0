import { i18n } from '../words.ts';
import { TextField } from '@souk/ui/admin';
import type { Ref } from 'react';

/** A code of an authenticator app, or a recovery code in its place. */
export const CodeField = ({
  ref,
  value,
  onValueChange,
  error,
  kinds = ['app', 'recovery'],
  autoFocus = false,
}: {
  readonly ref?: Ref<HTMLInputElement>;
  readonly value: string;
  readonly onValueChange: (value: string) => void;
  readonly error: string | undefined;
  /** Of what it may be a code: while the app is being set up there is no other yet, and with passkeys alone there is no app. */
  readonly kinds?: readonly ('app' | 'recovery')[];
  readonly autoFocus?: boolean;
}) => (
  <TextField
    {...(ref === undefined ? {} : { ref })}
    label={kinds.includes('app') ? i18n.t('Code') : i18n.t('Recovery code')}
    name="code"
    autoComplete="one-time-code"
    autoCapitalize="none"
    spellCheck={false}
    maxLength={40}
    value={value}
    onValueChange={onValueChange}
    error={error}
    autoFocus={autoFocus}
    help={
      kinds.includes('app')
        ? kinds.includes('recovery')
          ? i18n.t('The six digits of your authenticator app. Without it, one of your recovery codes.')
          : i18n.t('The six digits that the app shows now.')
        : i18n.t('One of your recovery codes. Each works once.')
    }
  />
);
