import { i18n } from '../words.ts';
import { PASSWORD_MIN } from '@souk/domain/identity';
import { Checkbox, TextField } from '@souk/ui/admin';
import { useState } from 'react';

/** A password that is being chosen, shown while it is typed where somebody wants that. */
export function NewPasswordField({
  label = i18n.t('Password'),
  value,
  onValueChange,
  error,
  autoFocus = false,
  className,
}: {
  readonly label?: string;
  readonly value: string;
  readonly onValueChange: (value: string) => void;
  readonly error: string | undefined;
  readonly autoFocus?: boolean;
  readonly className?: string;
}) {
  const [shown, setShown] = useState(false);
  return (
    <>
      <TextField
        className={className}
        label={label}
        type={shown ? 'text' : 'password'}
        name="password"
        autoComplete="new-password"
        spellCheck={false}
        value={value}
        onValueChange={onValueChange}
        error={error}
        autoFocus={autoFocus}
        help={i18n.t('At least {n} characters of any kind. Four words that do not belong together are good.', {
          n: PASSWORD_MIN,
        })}
      />
      <Checkbox
        {...(className === undefined ? {} : { className })}
        checked={shown}
        onChange={setShown}
        label={i18n.t('Show the password')}
      />
    </>
  );
}
