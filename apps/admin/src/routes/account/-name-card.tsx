import { i18n } from '../../words.ts';
import { Button, Card, Notice, TextField, toast } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { type Api, queryClient } from '../../api.ts';
import { refusalOf, wordsOf } from '../../refusal.ts';

/** Who one is to the people one works with. */
export function NameCard({ api, name }: { readonly api: Api; readonly name: string }) {
  const router = useRouter();
  const [typed, setTyped] = useState(name);
  const rename = useMutation(
    api.account.rename.mutationOptions({
      onSuccess: async (now) => {
        setTyped(now.name);
        toast({ title: i18n.t('Your name is saved') });
        // Frames read it before they draw; they do not wait for the server to tell it again.
        queryClient.setQueryData(api.account.me.queryKey(), (me) => me && { ...me, name: now.name });
        void queryClient.invalidateQueries(api.account.history.pathFilter());
        await router.invalidate();
      },
    }),
  );
  const said = refusalOf(rename.error)?.fields?.['name'];
  const error = typed.trim() === '' ? i18n.t('Say what we may call you.') : said;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (typed.trim() !== '') rename.mutate({ name: typed });
  };
  return (
    <Card title={i18n.t('You')}>
      <form onSubmit={submit} noValidate aria-label={i18n.t('Your name')} className="flex flex-col gap-4">
        {rename.error && said === undefined && <Notice tone="danger">{wordsOf(rename.error)}</Notice>}
        <TextField
          label={i18n.t('Name')}
          name="name"
          autoComplete="name"
          maxLength={100}
          value={typed}
          onValueChange={(next) => {
            setTyped(next);
            rename.reset();
          }}
          error={error}
          help={i18n.t('The people you work with see it.')}
        />
        <div className="flex justify-end">
          <Button
            type="submit"
            disabled={typed.trim() === name || typed.trim() === ''}
            busyLabel={rename.isPending && i18n.t('Saving …')}
            className="max-sm:w-full"
          >
            {i18n.t('Save the name')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
