import { Button, Notice, TextField } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useId, useRef, useState } from 'react';
import { apiOf } from '../api.ts';
import { refusalOf, wordsOf } from '../refusal.ts';
import { CodeField } from './code-field.tsx';

const account = apiOf(undefined).account;

/** E-mail and password, then the second factor where there is one. What was typed stays, whatever the answer. */
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
  /** The password was right; the second factor is still to come. */
  const [isHalfWay, setHalfWay] = useState(false);
  const emailField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const title = useId();
  const signIn = useMutation(
    account.signIn.mutationOptions({
      onSuccess: (me) => (me.needsSecondFactor ? setHalfWay(true) : onSignedIn(me.email)),
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

  if (isHalfWay)
    return (
      <SecondStep
        onSignedIn={onSignedIn}
        onAgain={() => {
          setHalfWay(false);
          setPassword('');
          setTried(false);
        }}
      />
    );
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

function SecondStep({
  onSignedIn,
  onAgain,
}: {
  readonly onSignedIn: (email: string) => void;
  readonly onAgain: () => void;
}) {
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const finish = useMutation(account.finishSignIn.mutationOptions({ onSuccess: (me) => onSignedIn(me.email) }));
  const refusal = refusalOf(finish.error);
  const said = refusal?.fields?.['code'];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (code.trim() === '') return field.current?.focus();
    finish.mutate({ code }, { onError: () => field.current?.select() });
  };
  return (
    <form onSubmit={submit} noValidate aria-label="The second step" className="flex flex-col gap-4">
      <p className="text-14">Your password is right. One more step: a code that only you have.</p>
      {finish.error && said === undefined && (
        <Notice tone={refusal?.code === 'too_many_attempts' ? 'warning' : 'danger'}>{wordsOf(finish.error)}</Notice>
      )}
      <CodeField
        ref={field}
        value={code}
        onValueChange={(next) => {
          setCode(next);
          if (finish.error) finish.reset();
        }}
        error={said ?? (tried && code.trim() === '' ? 'Enter the code.' : undefined)}
        autoFocus
      />
      <Button type="submit" variant="primary" busyLabel={finish.isPending && 'Signing in …'}>
        Sign in
      </Button>
      <Button variant="quiet" onClick={onAgain}>
        Begin again
      </Button>
    </form>
  );
}
