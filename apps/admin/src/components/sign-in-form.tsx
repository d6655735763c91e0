import { i18n } from '../words.ts';
import { Button, Notice, TextField } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useId, useRef, useState } from 'react';
import { apiOf } from '../api.ts';
import { refusalOf, wordsOf } from '../refusal.ts';
import { answerWithPasskey, knowsPasskeys } from '../passkey.ts';
import { CodeField } from './code-field.tsx';
import { OrElse, PasskeyButton } from './passkey-button.tsx';

const { account, client } = apiOf(undefined);

type Factors = Awaited<ReturnType<typeof client.account.signIn.mutate>>['factors'];

/** E-mail and password, or a passkey alone; after a password the second factor where there is one. What was typed stays, whatever the answer. */
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
  /** The password was right; one of these second factors is still to come. */
  const [factors, setFactors] = useState<Factors>([]);
  const emailField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const title = useId();
  const signIn = useMutation(
    account.signIn.mutationOptions({
      onSuccess: (me) => (me.factors.length > 0 ? setFactors(me.factors) : onSignedIn(me.email)),
    }),
  );
  const emailError = tried && email.trim() === '' ? i18n.t('Enter your e-mail address.') : undefined;
  const passwordError = tried && password === '' ? i18n.t('Enter your password.') : undefined;

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (email.trim() === '') return emailField.current?.focus();
    if (password === '') return passwordField.current?.focus();
    byPasskey.reset();
    signIn.mutate({ email, password }, { onError: () => passwordField.current?.select() });
  };
  const byPasskey = useMutation({
    mutationFn: async () => {
      const { options } = await client.passkeys.beginSignIn.mutate();
      const { userHandle = '', ...passkey } = await answerWithPasskey(options);
      return client.passkeys.signIn.mutate({ passkey: { ...passkey, userHandle } });
    },
    onSuccess: (me) => onSignedIn(me.email),
  });
  const error = byPasskey.error ?? signIn.error;
  const slowed = refusalOf(error)?.code === 'too_many_attempts';

  if (factors.length > 0)
    return (
      <SecondStep
        factors={factors}
        onSignedIn={onSignedIn}
        onAgain={() => {
          setFactors([]);
          setPassword('');
          setTried(false);
        }}
      />
    );
  return (
    <form onSubmit={submit} noValidate aria-labelledby={title} className="flex flex-col gap-4">
      <span id={title} className="sr-only">
        {i18n.t('Sign in')}
      </span>
      {error && <Notice tone={slowed ? 'warning' : 'danger'}>{wordsOf(error)}</Notice>}
      <TextField
        ref={emailField}
        label={i18n.t('E-mail')}
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
        label={i18n.t('Password')}
        type="password"
        name="password"
        autoComplete="current-password"
        value={password}
        onValueChange={setPassword}
        error={passwordError}
        autoFocus={knownEmail !== ''}
      />
      <Button type="submit" variant="primary" busyLabel={signIn.isPending && i18n.t('Signing in …')} className="mt-1">
        {i18n.t('Sign in')}
      </Button>
      {knowsPasskeys() && (
        <>
          <OrElse />
          <PasskeyButton
            isPending={byPasskey.isPending}
            onClick={() => {
              signIn.reset();
              byPasskey.mutate();
            }}
          >
            {i18n.t('Sign in with a passkey')}
          </PasskeyButton>
        </>
      )}
    </form>
  );
}

function SecondStep({
  factors,
  onSignedIn,
  onAgain,
}: {
  readonly factors: Factors;
  readonly onSignedIn: (email: string) => void;
  readonly onAgain: () => void;
}) {
  const hasApp = factors.includes('totp');
  const hasPasskey = factors.includes('passkey') && knowsPasskeys();
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const finish = useMutation(account.finishSignIn.mutationOptions({ onSuccess: (me) => onSignedIn(me.email) }));
  const byPasskey = useMutation({
    mutationFn: async () => {
      const { options } = await client.passkeys.beginSecondStep.mutate();
      return client.passkeys.finishSignIn.mutate({ passkey: await answerWithPasskey(options) });
    },
    onSuccess: (me) => onSignedIn(me.email),
  });
  const error = byPasskey.error ?? finish.error;
  const refusal = refusalOf(error);
  const said = refusal?.fields?.['code'];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (code.trim() === '') return field.current?.focus();
    byPasskey.reset();
    finish.mutate({ code }, { onError: () => field.current?.select() });
  };
  return (
    <form onSubmit={submit} noValidate aria-label={i18n.t('The second step')} className="flex flex-col gap-4">
      <p className="text-14">{i18n.t('Your password is right. One more step: something that only you have.')}</p>
      {error && said === undefined && (
        <Notice tone={refusal?.code === 'too_many_attempts' ? 'warning' : 'danger'}>{wordsOf(error)}</Notice>
      )}
      {hasPasskey && (
        <>
          <PasskeyButton
            isFirst
            isPending={byPasskey.isPending}
            onClick={() => {
              finish.reset();
              byPasskey.mutate();
            }}
          />
          <OrElse />
        </>
      )}
      <CodeField
        ref={field}
        value={code}
        onValueChange={(next) => {
          setCode(next);
          if (finish.error) finish.reset();
        }}
        error={said ?? (tried && code.trim() === '' ? i18n.t('Enter the code.') : undefined)}
        kinds={hasApp ? ['app', 'recovery'] : ['recovery']}
        autoFocus={!hasPasskey}
      />
      <Button
        type="submit"
        variant={hasPasskey ? 'secondary' : 'primary'}
        busyLabel={finish.isPending && i18n.t('Signing in …')}
      >
        {hasPasskey ? i18n.t('Sign in with the code') : i18n.t('Sign in')}
      </Button>
      <Button variant="quiet" onClick={onAgain}>
        {i18n.t('Begin again')}
      </Button>
    </form>
  );
}
