import { Trans } from '@lingui/react';
import { i18n } from '../words.ts';
import { PASSWORD_WORDS, passwordFault } from '@souk/domain/identity';
import { Button, EmptyState, Notice, buttonClass } from '@souk/ui/admin';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { Link, createFileRoute } from '@tanstack/react-router';
import { Unlink } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { queryClient } from '../api.ts';
import { DoorFrame } from '../components/door-frame.tsx';
import { NewPasswordField } from '../components/new-password-field.tsx';
import { BareError } from '../components/route-states.tsx';
import { tokenOf } from '../link-token.ts';
import { refusalOf, wordsOf } from '../refusal.ts';
import { sessionFound } from '../session.ts';

export const Route = createFileRoute('/reset-password')({
  loader: ({ context, location }) =>
    context.queryClient.ensureQueryData(
      context.account.passwordReset.look.queryOptions({ token: tokenOf(location.hash) }, { staleTime: 0 }),
    ),
  head: () => ({ meta: [{ title: i18n.t('Set a new password · Souk') }] }),
  component: ResetPassword,
  errorComponent: BareError,
});

function ResetPassword() {
  const { account: api } = Route.useRouteContext();
  const navigate = Route.useNavigate();
  const token = tokenOf(window.location.hash);
  const look = api.passwordReset.look.queryOptions({ token }, { staleTime: 0 });
  const { data } = useSuspenseQuery(look);
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const finish = useMutation(
    api.passwordReset.finish.mutationOptions({
      onSuccess: () => {
        // Whatever was open here has ended with it.
        sessionFound();
        queryClient.clear();
        void navigate({ to: '/sign-in', search: { changed: true }, replace: true });
      },
      onError: (error) => refusalOf(error)?.code === 'link_is_dead' && void queryClient.invalidateQueries(look),
    }),
  );
  if (data.state === 'dead')
    return (
      <main className="flex min-h-dvh flex-col justify-center">
        <EmptyState
          isPage
          icon={<Unlink size={20} aria-hidden />}
          title={i18n.t('This link is not good any more')}
          action={
            <Link to="/forgot-password" className={buttonClass('primary')}>
              {i18n.t('Ask for another one')}
            </Link>
          }
        >
          {i18n.t('A link to set a new password works once, for an hour.')}
        </EmptyState>
      </main>
    );
  const said = refusalOf(finish.error)?.fields?.['password'];
  const fault = passwordFault(password, [data.name, data.email]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (fault) return form.current?.querySelector<HTMLElement>('input[name=password]')?.focus();
    finish.mutate({ token, password });
  };
  return (
    <DoorFrame title={i18n.t('Set a new password')} words={i18n.t('Every session of your account ends with it.')}>
      <form
        ref={form}
        onSubmit={submit}
        noValidate
        aria-label={i18n.t('Set a new password')}
        className="flex flex-col gap-4"
      >
        {finish.error && said === undefined && <Notice tone="danger">{wordsOf(finish.error)}</Notice>}
        <p className="text-14 text-ink-soft">
          <Trans
            id="For <0>{email}</0>"
            values={{ email: data.email }}
            components={{ 0: <span className="font-medium break-all text-ink" /> }}
          />
        </p>
        <input type="email" name="email" autoComplete="username" value={data.email} readOnly hidden />
        <NewPasswordField
          label={i18n.t('New password')}
          value={password}
          onValueChange={(next) => {
            setPassword(next);
            if (finish.error) finish.reset();
          }}
          error={said ?? (tried && fault ? PASSWORD_WORDS[fault] : undefined)}
          autoFocus
        />
        <Button type="submit" variant="primary" busyLabel={finish.isPending && i18n.t('Setting …')}>
          {i18n.t('Set the password')}
        </Button>
      </form>
    </DoorFrame>
  );
}
