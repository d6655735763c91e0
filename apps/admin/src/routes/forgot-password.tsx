import { Trans } from '@lingui/react';
import { i18n } from '../words.ts';
import { Button, Notice, TextField } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import { Link, createFileRoute } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { DoorFrame } from '../components/door-frame.tsx';
import { BareError } from '../components/route-states.tsx';
import { refusalOf, wordsOf } from '../refusal.ts';

export const Route = createFileRoute('/forgot-password')({
  head: () => ({ meta: [{ title: i18n.t('Forgot your password · Souk') }] }),
  component: ForgotPassword,
  errorComponent: BareError,
});

function ForgotPassword() {
  const { account: api } = Route.useRouteContext();
  const [email, setEmail] = useState('');
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const ask = useMutation(api.passwordReset.request.mutationOptions());
  const back = (
    <Link to="/sign-in" className="text-accent hover:underline">
      {i18n.t('Back to signing in')}
    </Link>
  );
  if (ask.isSuccess)
    return (
      <DoorFrame title={i18n.t('Look into your mailbox')} below={back}>
        <p className="text-14">
          <Trans
            id="If <0>{email}</0> has an account here, a mail with a link is on its way. It is good for an hour and works once."
            values={{ email: email.trim() }}
            components={{ 0: <span className="font-medium break-all" /> }}
          />
        </p>
        <p className="mt-3 text-13 text-ink-soft">
          {i18n.t(
            'Nothing there after some minutes? Look among unwanted mail, and whether you have an account at another address.',
          )}
        </p>
      </DoorFrame>
    );
  const refusal = refusalOf(ask.error);
  const said = refusal?.fields?.['email'];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (email.trim() === '') return field.current?.focus();
    ask.mutate({ email }, { onError: () => field.current?.focus() });
  };
  return (
    <DoorFrame
      title={i18n.t('Forgot your password?')}
      words={i18n.t('We send you a link with which you set another one.')}
      below={back}
    >
      <form onSubmit={submit} noValidate aria-label={i18n.t('Forgot your password')} className="flex flex-col gap-4">
        {ask.error && said === undefined && (
          <Notice tone={refusal?.code === 'too_many_attempts' ? 'warning' : 'danger'}>{wordsOf(ask.error)}</Notice>
        )}
        <TextField
          ref={field}
          label={i18n.t('E-mail')}
          type="email"
          name="email"
          autoComplete="username"
          spellCheck={false}
          value={email}
          onValueChange={(next) => {
            setEmail(next);
            if (ask.error) ask.reset();
          }}
          error={said ?? (tried && email.trim() === '' ? i18n.t('Enter your e-mail address.') : undefined)}
          autoFocus
        />
        <Button type="submit" variant="primary" busyLabel={ask.isPending && i18n.t('Sending …')}>
          {i18n.t('Send me a link')}
        </Button>
      </form>
    </DoorFrame>
  );
}
