import { i18n } from '../../words.ts';
import { PASSWORD_WORDS, passwordFault } from '@souk/domain/identity';
import { Button, Card, Notice, toast } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { type Api, queryClient } from '../../api.ts';
import { NewPasswordField } from '../../components/new-password-field.tsx';
import { refusalOf, wordsOf } from '../../refusal.ts';

/** Another password. Whoever signed in longer ago is asked for the old one first, on top of this. */
export function PasswordCard({
  api,
  name,
  email,
}: {
  readonly api: Api;
  readonly name: string;
  readonly email: string;
}) {
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const change = useMutation(
    api.account.changePassword.mutationOptions({
      onSuccess: () => {
        setPassword('');
        setTried(false);
        toast({
          title: i18n.t('Your password is changed'),
          description: i18n.t('All your other sessions have ended.'),
        });
        return queryClient.invalidateQueries(api.account.pathFilter());
      },
    }),
  );
  const said = refusalOf(change.error)?.fields?.['password'];
  const fault = passwordFault(password, [name, email]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (fault) return form.current?.querySelector<HTMLElement>('input[name=password]')?.focus();
    change.mutate({ password });
  };
  return (
    <Card title={i18n.t('Password')}>
      <form ref={form} onSubmit={submit} noValidate aria-label={i18n.t('New password')} className="flex flex-col gap-4">
        <p className="-mt-1 text-13 text-ink-soft">
          {i18n.t('Changing it signs you out everywhere but here. If somebody may know your password, do it now.')}
        </p>
        {change.error && said === undefined && <Notice tone="danger">{wordsOf(change.error)}</Notice>}
        <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
        <NewPasswordField
          label={i18n.t('New password')}
          value={password}
          onValueChange={(next) => {
            setPassword(next);
            if (change.error) change.reset();
          }}
          error={said ?? (tried && fault ? PASSWORD_WORDS[fault] : undefined)}
        />
        <div className="flex justify-end">
          <Button type="submit" busyLabel={change.isPending && i18n.t('Changing …')} className="max-sm:w-full">
            {i18n.t('Change the password')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
