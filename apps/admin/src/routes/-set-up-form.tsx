import { i18n } from '../words.ts';
import { PASSWORD_WORDS, passwordFault } from '@souk/domain/identity';
import { Button, Notice, TextField } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import type { Api } from '../api.ts';
import { focusFirstError } from '../components/focus-first-error.ts';
import { NewPasswordField } from '../components/new-password-field.tsx';
import { NewSiteFields, type NewSiteTyped, guessedSite, missingOfSite } from '../components/new-site-fields.tsx';
import { FieldGroup } from '../components/site-fields.tsx';
import { useKept } from '../kept.ts';
import { refusalOf, wordsOf } from '../refusal.ts';

/** Everything but the password, which is kept nowhere. */
type Typed = NewSiteTyped & { readonly name: string; readonly email: string };
type Errors = Readonly<Record<string, string | undefined>>;

/** Account, site and how it sells, on one page. */
export function SetUpForm({
  api,
  token,
  onDone,
  onDead,
}: {
  readonly api: Api;
  readonly token: string;
  readonly onDone: (handle: string) => void;
  readonly onDead: () => void;
}) {
  const [guess] = useState((): Typed => ({ name: '', email: '', ...guessedSite() }));
  const [typed, keep, forget] = useKept('set-up', guess);
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  /** What the server said of fields that have not been changed since. */
  const [said, setSaid] = useState<Errors>({});
  const form = useRef<HTMLFormElement>(null);
  const finish = useMutation(
    api.setUp.finish.mutationOptions({
      onSuccess: ({ handle }) => {
        forget();
        onDone(handle);
      },
    }),
  );

  const change = (field: string, part: Partial<Typed>): void => {
    setSaid((before) => ({ ...before, [field]: undefined }));
    keep({ ...part, own: [...new Set([...typed.own, field])] });
  };

  const fault = passwordFault(password, [typed.name, typed.email, typed.siteName, typed.handle]);
  const missing: Errors = {
    name: typed.name.trim() === '' ? i18n.t('Say what we may call you.') : undefined,
    email: typed.email.trim() === '' ? i18n.t('You sign in with it.') : undefined,
    password: fault && PASSWORD_WORDS[fault],
    ...missingOfSite(typed),
  };
  const errorOf = (field: string): string | undefined => said[field] ?? (tried ? missing[field] : undefined);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (Object.values(missing).some((words) => words !== undefined)) return focusFirstError(form.current);
    const { own: _own, ...values } = typed;
    finish.mutate(
      { token, password, ...values },
      {
        onError: (error) => {
          const refusal = refusalOf(error);
          if (refusal?.code === 'link_is_dead') return onDead();
          setSaid(refusal?.fields ?? {});
          focusFirstError(form.current);
        },
      },
    );
  };

  const wrongFields = refusalOf(finish.error)?.fields;

  return (
    <form ref={form} onSubmit={submit} noValidate aria-label={i18n.t('Set up Souk')} className="flex flex-col gap-4">
      <FieldGroup
        title={i18n.t('You')}
        words={i18n.t('You own the site and run this installation. Others come by invitation.')}
      >
        <TextField
          label={i18n.t('Your name')}
          name="name"
          autoComplete="name"
          value={typed.name}
          onValueChange={(name) => change('name', { name })}
          error={errorOf('name')}
          autoFocus
        />
        <TextField
          label={i18n.t('E-mail')}
          type="email"
          name="email"
          autoComplete="username"
          spellCheck={false}
          value={typed.email}
          onValueChange={(email) => change('email', { email })}
          error={errorOf('email')}
        />
        <NewPasswordField
          className="sm:col-span-2"
          value={password}
          onValueChange={(next) => {
            setPassword(next);
            setSaid((before) => ({ ...before, password: undefined }));
          }}
          error={errorOf('password')}
        />
      </FieldGroup>

      <NewSiteFields title={i18n.t('Your first site')} typed={typed} onChange={change} errorOf={errorOf} />

      {finish.error && !wrongFields && <Notice tone="danger">{wordsOf(finish.error)}</Notice>}
      {wrongFields && <Notice tone="danger">{i18n.t('Something above is not right yet. Nothing was made.')}</Notice>}
      <div className="flex justify-end">
        <Button
          type="submit"
          variant="primary"
          busyLabel={finish.isPending && i18n.t('Setting up …')}
          className="max-sm:w-full"
        >
          {i18n.t('Create account and site')}
        </Button>
      </div>
    </form>
  );
}
