import { Trans } from '@lingui/react';
import { i18n } from '../../../words.ts';
import { Button, Card, Dialog, Notice, StatusDot, toast } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type Api, queryClient } from '../../../api.ts';
import { wordsOf } from '../../../refusal.ts';

/** Whether everybody who works on the site needs a second factor. */
export function SecondFactorCard({
  api,
  siteName,
  secondFactor: { isRequired, youHaveOne },
}: {
  readonly api: Api;
  readonly siteName: string;
  readonly secondFactor: { readonly isRequired: boolean; readonly youHaveOne: boolean };
}) {
  const [isAsking, setAsking] = useState(false);
  const change = useMutation(
    api.team.requireSecondFactor.mutationOptions({
      onSuccess: (now) => {
        toast({
          title: now.isRequired
            ? i18n.t('A second factor is required')
            : i18n.t('A second factor is not required any more'),
        });
        setAsking(false);
        return queryClient.invalidateQueries(api.team.pathFilter());
      },
    }),
  );
  const save = (next: boolean): void => change.mutate({ isRequired: next });
  return (
    <Card title={i18n.t('Second factor')} className="mt-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-0 flex-1 basis-72 text-14">
          <StatusDot tone={isRequired ? 'success' : 'neutral'}>
            {isRequired ? i18n.t('Required of everybody here') : i18n.t('Left to each of you')}
          </StatusDot>
          <span className="mt-1 block text-13 text-ink-soft">
            {isRequired || youHaveOne ? (
              i18n.t('With a code on top of the password, whoever learns a password still cannot sign in.')
            ) : (
              <>
                <Trans
                  id="To require it of others, set up your own first, on the page of <0>your account</0>."
                  components={{ 0: <Link to="/account" className="text-accent underline underline-offset-2" /> }}
                />
              </>
            )}
          </span>
        </p>
        {isRequired ? (
          <Button
            busyLabel={change.isPending && i18n.t('Saving …')}
            onClick={() => save(false)}
            className="max-sm:w-full"
          >
            {i18n.t('Leave it to each')}
          </Button>
        ) : (
          youHaveOne && (
            <Button onClick={() => setAsking(true)} className="max-sm:w-full">
              {i18n.t('Require a second factor')}
            </Button>
          )
        )}
      </div>
      {change.error && !isAsking && <Notice tone="danger">{wordsOf(change.error)}</Notice>}
      {isAsking && (
        <Dialog
          open
          onClose={() => setAsking(false)}
          title={i18n.t('Require a second factor?')}
          description={i18n.t(
            'Whoever has none sees nothing of {siteName} any more, at once, until they have set one up. They are told how.',
            { siteName },
          )}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>{i18n.t('Cancel')}</Button>
              <Button variant="primary" busyLabel={change.isPending && i18n.t('Saving …')} onClick={() => save(true)}>
                {i18n.t('Require it')}
              </Button>
            </>
          }
        >
          {change.error && <Notice tone="danger">{wordsOf(change.error)}</Notice>}
        </Dialog>
      )}
    </Card>
  );
}
