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
        toast({ title: now.isRequired ? 'A second factor is required' : 'A second factor is not required any more' });
        setAsking(false);
        return queryClient.invalidateQueries(api.team.pathFilter());
      },
    }),
  );
  const save = (next: boolean): void => change.mutate({ isRequired: next });
  return (
    <Card title="Second factor" className="mt-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-0 flex-1 basis-72 text-14">
          <StatusDot tone={isRequired ? 'success' : 'neutral'}>
            {isRequired ? 'Required of everybody here' : 'Left to each of you'}
          </StatusDot>
          <span className="mt-1 block text-13 text-ink-soft">
            {isRequired || youHaveOne ? (
              'With a code on top of the password, whoever learns a password still cannot sign in.'
            ) : (
              <>
                To require it of others, set up your own first, on the page of{' '}
                <Link to="/account" className="text-accent underline underline-offset-2">
                  your account
                </Link>
                .
              </>
            )}
          </span>
        </p>
        {isRequired ? (
          <Button busyLabel={change.isPending && 'Saving …'} onClick={() => save(false)} className="max-sm:w-full">
            Leave it to each
          </Button>
        ) : (
          youHaveOne && (
            <Button onClick={() => setAsking(true)} className="max-sm:w-full">
              Require a second factor
            </Button>
          )
        )}
      </div>
      {change.error && !isAsking && <Notice tone="danger">{wordsOf(change.error)}</Notice>}
      {isAsking && (
        <Dialog
          open
          onClose={() => setAsking(false)}
          title="Require a second factor?"
          description={`Whoever has none sees nothing of ${siteName} any more, at once, until they have set one up. They are told how.`}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>Cancel</Button>
              <Button variant="primary" busyLabel={change.isPending && 'Saving …'} onClick={() => save(true)}>
                Require it
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
