import { Button, Notice, TextField } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import { Link, createFileRoute } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { DoorFrame } from '../components/door-frame.tsx';
import { BareError } from '../components/route-states.tsx';
import { refusalOf, wordsOf } from '../refusal.ts';

export const Route = createFileRoute('/forgot-password')({
  head: () => ({ meta: [{ title: 'Forgot your password · Souk' }] }),
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
      Back to signing in
    </Link>
  );
  if (ask.isSuccess)
    return (
      <DoorFrame title="Look into your mailbox" below={back}>
        <p className="text-14">
          If <span className="font-medium break-all">{email.trim()}</span> has an account here, a mail with a link is on
          its way. It is good for an hour and works once.
        </p>
        <p className="mt-3 text-13 text-ink-soft">
          Nothing there after some minutes? Look among unwanted mail, and whether you have an account at another
          address.
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
    <DoorFrame title="Forgot your password?" words="We send you a link with which you set another one." below={back}>
      <form onSubmit={submit} noValidate aria-label="Forgot your password" className="flex flex-col gap-4">
        {ask.error && said === undefined && (
          <Notice tone={refusal?.code === 'too_many_attempts' ? 'warning' : 'danger'}>{wordsOf(ask.error)}</Notice>
        )}
        <TextField
          ref={field}
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          spellCheck={false}
          value={email}
          onValueChange={(next) => {
            setEmail(next);
            if (ask.error) ask.reset();
          }}
          error={said ?? (tried && email.trim() === '' ? 'Enter your e-mail address.' : undefined)}
          autoFocus
        />
        <Button type="submit" variant="primary" busyLabel={ask.isPending && 'Sending …'}>
          Send me a link
        </Button>
      </form>
    </DoorFrame>
  );
}
