import { Card, Notice, Select } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import { type Api, queryClient } from '../../api.ts';
import { LANGUAGES, languageNow, showLanguage } from '../../language.ts';
import { wordsOf } from '../../refusal.ts';
import { i18n } from '../../words.ts';

/** What the admin is read in, and what mails about the account are written in. */
export function LanguageCard({ api }: { readonly api: Api }) {
  const now = languageNow();
  const choose = useMutation(
    api.account.chooseLanguage.mutationOptions({
      onSuccess: ({ language }) => {
        queryClient.setQueryData(api.account.me.queryKey(), (me) => me && { ...me, language });
        if (!showLanguage(language)) void queryClient.invalidateQueries(api.account.history.pathFilter());
      },
    }),
  );
  return (
    <Card title={i18n.t('Language')}>
      <div className="flex flex-col gap-4">
        {choose.error && <Notice tone="danger">{wordsOf(choose.error)}</Notice>}
        <Select
          label={i18n.t('Language you read')}
          help={i18n.t('Of these screens and of mails about your account. What your shops say is set in each shop.')}
          value={now === 'pseudo' ? 'en' : now}
          options={LANGUAGES}
          onChange={(language) => choose.mutate({ language })}
        />
      </div>
    </Card>
  );
}
