import { Trans } from '@lingui/react';
import { i18n } from '../../words.ts';
import { Badge, Button, Card, Dialog, Notice, PageHeader, RelativeTime, TextField, toast } from '@souk/ui/admin';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { UserPlus } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { type Api, queryClient } from '../../api.ts';
import { ListSkeleton } from '../../components/list-parts.tsx';
import { PersonInitials } from '../../components/person-initials.tsx';
import { RouteError } from '../../components/route-states.tsx';
import { refusalOf, wordsOf } from '../../refusal.ts';
import { LostFactorCard } from './-lost-factor-card.tsx';

const operatorsOptions = (api: Api) => api.operator.operators.queryOptions(undefined, { staleTime: 10_000 });
type Operator = Awaited<ReturnType<Api['client']['operator']['operators']['query']>>['operators'][number];

export const Route = createFileRoute('/operator/people')({
  loader: ({ context }) => context.queryClient.ensureQueryData(operatorsOptions(context.account)),
  head: () => ({ meta: [{ title: i18n.t('People · Installation') }] }),
  pendingComponent: () => <ListSkeleton rows={3} label={i18n.t('The people are being loaded')} />,
  errorComponent: RouteError,
  component: People,
});

function People() {
  const { account } = Route.useRouteContext();
  const { operators } = useSuspenseQuery(operatorsOptions(account)).data;
  const [isAdding, setAdding] = useState(false);
  const [going, setGoing] = useState<Operator>();
  return (
    <>
      <PageHeader
        title={i18n.t('Who runs this installation')}
        actions={
          <Button variant="primary" icon={<UserPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            {i18n.t('Add somebody')}
          </Button>
        }
      >
        {i18n.t('They make, suspend and archive sites. None of them sees what is in a site by that.')}
      </PageHeader>
      <Card title={i18n.t('Operators')} aside={String(operators.length)} flush>
        <ul aria-label={i18n.t('Operators')} className="divide-y divide-line border-t border-line">
          {operators.map((operator) => (
            <li key={operator.adminId} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
              <PersonInitials name={operator.name} />
              <div className="min-w-0 flex-1 basis-40">
                <p className="flex items-center gap-2 text-14 font-medium">
                  <span className="truncate">{operator.name}</span>
                  {operator.isYou && <Badge tone="accent">{i18n.t('you')}</Badge>}
                </p>
                <p className="truncate text-13 text-ink-soft">{operator.email}</p>
              </div>
              <span className="text-end text-13 text-ink-soft max-sm:hidden">
                <Trans id="since <0/>" components={{ 0: <RelativeTime at={operator.since} /> }} />
              </span>
              {operator.mayGo && (
                <Button
                  size="small"
                  variant="quiet"
                  aria-label={
                    operator.isYou
                      ? i18n.t('Stop running this installation')
                      : i18n.t('Remove {operatorName}', { operatorName: operator.name })
                  }
                  onClick={() => setGoing(operator)}
                >
                  {operator.isYou ? i18n.t('Stop') : i18n.t('Remove')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      </Card>
      {operators.length === 1 && (
        <p className="mt-2 px-1 text-13 text-ink-soft">
          {i18n.t('Somebody has to run it. With a second one here, the first can go.')}
        </p>
      )}
      <LostFactorCard api={account} />
      {isAdding && <AddDialog api={account} onClose={() => setAdding(false)} />}
      {going && <RemoveDialog api={account} operator={going} onClose={() => setGoing(undefined)} />}
    </>
  );
}

const refresh = (api: Api): Promise<void> => queryClient.invalidateQueries(api.operator.pathFilter());

function AddDialog({ api, onClose }: { readonly api: Api; readonly onClose: () => void }) {
  const [email, setEmail] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const add = useMutation(
    api.operator.addOperator.mutationOptions({
      onSuccess: () => {
        toast({ title: i18n.t('{email} runs this installation too', { email: email.trim() }) });
        onClose();
        return refresh(api);
      },
    }),
  );
  const said = refusalOf(add.error)?.fields?.['email'];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    add.mutate({ email }, { onError: () => field.current?.focus() });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={i18n.t('Add somebody')}
      description={i18n.t(
        'They can close every site of this installation, and let you go. Choose somebody you trust with that.',
      )}
      initialFocus={field}
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Cancel')}</Button>
          <Button type="submit" form="add-operator" variant="primary" busyLabel={add.isPending && i18n.t('Adding …')}>
            {i18n.t('Add them')}
          </Button>
        </>
      }
    >
      <form id="add-operator" noValidate onSubmit={submit} className="flex flex-col gap-3 pb-1">
        <TextField
          ref={field}
          label={i18n.t('E-mail they sign in with')}
          type="email"
          name="email"
          autoComplete="off"
          spellCheck={false}
          value={email}
          onValueChange={setEmail}
          error={said}
        />
        {add.error && said === undefined && <Notice tone="danger">{wordsOf(add.error)}</Notice>}
      </form>
    </Dialog>
  );
}

function RemoveDialog({
  api,
  operator,
  onClose,
}: {
  readonly api: Api;
  readonly operator: Operator;
  readonly onClose: () => void;
}) {
  const remove = useMutation(
    api.operator.removeOperator.mutationOptions({
      onSuccess: () => {
        // Nothing here is theirs any more: a fresh page says so.
        if (operator.isYou) return window.location.assign('/');
        toast({
          title: i18n.t('{operatorName} does not run this installation any more', { operatorName: operator.name }),
        });
        onClose();
        return refresh(api);
      },
    }),
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={
        operator.isYou
          ? i18n.t('Stop running this installation?')
          : i18n.t('Remove {operatorName}?', { operatorName: operator.name })
      }
      description={
        operator.isYou
          ? i18n.t('You keep your account and your sites. Only somebody who runs it can add you again.')
          : i18n.t('They keep their account and their sites, and can be added again. What they did stays in the log.')
      }
      actions={
        <>
          <Button onClick={onClose}>{i18n.t('Cancel')}</Button>
          <Button
            variant="danger"
            busyLabel={remove.isPending && i18n.t('Removing …')}
            onClick={() => remove.mutate({ adminId: operator.adminId })}
          >
            {operator.isYou ? i18n.t('Stop') : i18n.t('Remove {operatorName}', { operatorName: operator.name })}
          </Button>
        </>
      }
    >
      {remove.error && <Notice tone="danger">{wordsOf(remove.error)}</Notice>}
    </Dialog>
  );
}
