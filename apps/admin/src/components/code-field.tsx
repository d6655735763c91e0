import { TextField } from '@souk/ui/admin';
import type { Ref } from 'react';

/** A code of an authenticator app, or a recovery code in its place. */
export const CodeField = ({
  ref,
  value,
  onValueChange,
  error,
  isAppOnly = false,
  autoFocus = false,
}: {
  readonly ref?: Ref<HTMLInputElement>;
  readonly value: string;
  readonly onValueChange: (value: string) => void;
  readonly error: string | undefined;
  /** While the app is being set up there is no other code yet. */
  readonly isAppOnly?: boolean;
  readonly autoFocus?: boolean;
}) => (
  <TextField
    {...(ref === undefined ? {} : { ref })}
    label="Code"
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
      isAppOnly
        ? 'The six digits that the app shows now.'
        : 'The six digits of your authenticator app. Without it, one of your recovery codes.'
    }
  />
);
