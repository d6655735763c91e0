import { Trans } from '@lingui/react';
import { i18n } from '../words.ts';
import { PASSWORD_WORDS, passwordFault } from '@souk/domain/identity';
import { Button, EmptyState, Notice, TextField } from '@souk/ui/admin';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { MailX } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { type Api, queryClient } from '../api.ts';
import { Mark } from '../components/mark.tsx';
import { NewPasswordField } from '../components/new-password-field.tsx';
import { BareError } from '../components/route-states.tsx';
import { SignInForm } from '../components/sign-in-form.tsx';
import { refusalOf, wordsOf } from '../refusal.ts';
import { tokenOf } from '../link-token.ts';
import { sessionFound } from '../session.ts';

export const Route = createFileRoute('/invitation')({
  loader: ({ context, location }) =>
    context.queryClient.ensureQueryData(
      context.account.invitation.look.queryOptions({ token: tokenOf(location.hash) }, { staleTime: 0 }),
    ),
  head: () => ({ meta: [{ title: i18n.t('Invitation · Souk') }] }),
  component: InvitationPage,
  errorComponent: BareError,
});

function InvitationPage() {
  const { account: api } = Route.useRouteContext();
  const navigate = Route.useNavigate();
  const token = tokenOf(window.location.hash);
  const options = api.invitation.look.queryOptions({ token }, { staleTime: 0 });
  const { data } = useSuspenseQuery(options);
  const look = (): void => void queryClient.invalidateQueries(options);
  /** Somebody is signed in, and wants to be somebody else here. */
  const [asOther, setAsOther] = useState(false);
  if (data.state === 'dead')
    return (
      <main className="flex min-h-dvh flex-col justify-center">
        <EmptyState
          isPage
          icon={<MailX size={20} aria-hidden />}
          title={i18n.t('This invitation is not good any more')}
        >
          {i18n.t(
            'An invitation works once, for seven days, and until it is taken back or sent again. Look for the newest mail, or ask whoever invited you to send it again.',
          )}
        </EmptyState>
      </main>
    );
  const enter = (handle: string): void => {
    sessionFound();
    queryClient.clear();
    void navigate({ to: '/s/$site', params: { site: handle }, replace: true });
  };
  const signedInAs = asOther ? undefined : data.signedInAs;
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center px-4 py-10">
      <div className="w-full max-w-sm">
        <div className="mb-6 flex flex-col items-center gap-3 text-center">
          <Mark size={40} />
          <h1 className="text-20 font-semibold tracking-tight text-balance">
            {i18n.t('Work on {siteName}', { siteName: data.siteName })}
          </h1>
          <p className="text-14 text-pretty text-ink-soft">
            <Trans
              id="{invitedBy} invites you as <0>{role}</0>."
              values={{ invitedBy: data.invitedBy, role: data.role }}
              components={{ 0: <span className="font-medium text-ink" /> }}
            />
          </p>
        </div>
        <div className="rounded-dialog bg-surface p-6 shadow-card ring-1 ring-line">
          {signedInAs !== undefined ? (
            <Accept api={api} token={token} email={signedInAs} onDone={enter} onDead={look} />
          ) : data.hasAccount ? (
            <SignInForm email={data.email} onSignedIn={() => (sessionFound(), setAsOther(false), look())} />
          ) : (
            <Join api={api} token={token} email={data.email} siteName={data.siteName} onDone={enter} onDead={look} />
          )}
        </div>
        {signedInAs !== undefined && (
          <p className="mt-5 text-center text-13 text-ink-soft">
            <Trans
              id="Not you? <0>Use another account</0>"
              components={{
                0: <button type="button" className="text-accent hover:underline" onClick={() => setAsOther(true)} />,
              }}
            />
          </p>
        )}
        {signedInAs === undefined && data.hasAccount && (
          <p className="mt-5 text-center text-13 text-pretty text-ink-soft">
            {i18n.t('You have an account already. Sign in, then accept.')}
          </p>
        )}
      </div>
    </main>
  );
}

type Ways = {
  readonly api: Api;
  readonly token: string;
  readonly email: string;
  readonly onDone: (handle: string) => void;
  readonly onDead: () => void;
};

function Accept({ api, token, email, onDone, onDead }: Ways) {
  const accept = useMutation(
    api.invitation.accept.mutationOptions({
      onSuccess: ({ handle }) => onDone(handle),
      onError: (error) => refusalOf(error)?.code === 'link_is_dead' && onDead(),
    }),
  );
  return (
    <div className="flex flex-col gap-4">
      {accept.error && <Notice tone="danger">{wordsOf(accept.error)}</Notice>}
      <p className="text-14">
        <Trans
          id="You are signed in as <0>{email}</0>."
          values={{ email }}
          components={{ 0: <span className="font-medium break-all" /> }}
        />
      </p>
      <Button
        variant="primary"
        busyLabel={accept.isPending && i18n.t('Accepting …')}
        onClick={() => accept.mutate({ token })}
      >
        {i18n.t('Accept the invitation')}
      </Button>
    </div>
  );
}

function Join({ api, token, email, siteName, onDone, onDead }: Ways & { readonly siteName: string }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const join = useMutation(
    api.invitation.join.mutationOptions({
      onSuccess: ({ handle }) => onDone(handle),
      onError: (error) => {
        // Used, taken back, or somebody made the account meanwhile: the page says what is true now.
        if (['link_is_dead', 'account_exists'].includes(refusalOf(error)?.code ?? '')) onDead();
      },
    }),
  );
  const said = refusalOf(join.error)?.fields;
  const fault = passwordFault(password, [name, email, siteName]);
  const nameError = tried && name.trim() === '' ? i18n.t('Say what we may call you.') : undefined;
  const passwordError = said?.['password'] ?? (tried && fault ? PASSWORD_WORDS[fault] : undefined);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (name.trim() === '' || fault)
      return void requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('input[data-invalid]')?.focus());
    join.mutate({ token, name, password });
  };
  return (
    <form
      ref={form}
      onSubmit={submit}
      noValidate
      aria-label={i18n.t('Make your account')}
      className="flex flex-col gap-4"
    >
      {join.error && !said && <Notice tone="danger">{wordsOf(join.error)}</Notice>}
      <TextField label={i18n.t('E-mail')} type="email" name="email" autoComplete="username" value={email} readOnly />
      <TextField
        label={i18n.t('Your name')}
        name="name"
        autoComplete="name"
        value={name}
        onValueChange={setName}
        error={nameError}
        autoFocus
      />
      <NewPasswordField
        value={password}
        onValueChange={(next) => {
          setPassword(next);
          if (said) join.reset();
        }}
        error={passwordError}
      />
      <Button type="submit" variant="primary" busyLabel={join.isPending && i18n.t('Joining …')}>
        {i18n.t('Make an account and join')}
      </Button>
    </form>
  );
}
