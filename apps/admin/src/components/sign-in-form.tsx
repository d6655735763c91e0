import { Button, Notice, TextField } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useId, useRef, useState } from 'react';
import { apiOf } from '../api.ts';
import { refusalOf, wordsOf } from '../refusal.ts';

const account = apiOf(undefined).account;

/** E-mail and password. What was typed stays, whatever the answer. */
export function SignInForm({
  email: knownEmail = '',
  onSignedIn,
}: {
  readonly email?: string;
  readonly onSignedIn: (email: string) => void;
}) {
  const [email, setEmail] = useState(knownEmail);
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const emailField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const title = useId();
  const signIn = useMutation(
    account.signIn.mutationOptions({
      onSuccess: (me) => onSignedIn(me.email),
    }),
  );
  const emailError = tried && email.trim() === '' ? 'Enter your e-mail address.' : undefined;
  const passwordError = tried && password === '' ? 'Enter your password.' : undefined;

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (email.trim() === '') return emailField.current?.focus();
    if (password === '') return passwordField.current?.focus();
    signIn.mutate({ email, password }, { onError: () => passwordField.current?.select() });
  };
  const slowed = refusalOf(signIn.error)?.code === 'too_many_attempts';

  return (
    <form onSubmit={submit} noValidate aria-labelledby={title} className="flex flex-col gap-4">
      <span id={title} className="sr-only">
        Sign in
      </span>
      {signIn.error && <Notice tone={slowed ? 'warning' : 'danger'}>{wordsOf(signIn.error)}</Notice>}
      <TextField
        ref={emailField}
        label="E-mail"
        type="email"
        name="email"
        autoComplete="username"
        value={email}
        onValueChange={setEmail}
        error={emailError}
        autoFocus={knownEmail === ''}
        spellCheck={false}
      />
      <TextField
        ref={passwordField}
        label="Password"
        type="password"
        name="password"
        autoComplete="current-password"
        value={password}
        onValueChange={setPassword}
        error={passwordError}
        autoFocus={knownEmail !== ''}
      />
      <Button type="submit" variant="primary" busyLabel={signIn.isPending && 'Signing in …'} className="mt-1">
        Sign in
      </Button>
    </form>
  );
}
