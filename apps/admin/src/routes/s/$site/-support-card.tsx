import { i18n } from '../../../words.ts';
import { Button, Card, Notice, formatExact, toast, useReader } from '@souk/ui/admin';
import { useMutation } from '@tanstack/react-query';
import { LifeBuoy } from 'lucide-react';
import { useState } from 'react';
import { type Api, queryClient } from '../../../api.ts';
import { PersonInitials } from '../../../components/person-initials.tsx';
import { permissionWords } from '../../../permission-groups.ts';
import { wordsOf } from '../../../refusal.ts';
import { SupportDialog } from './-support-dialog.tsx';
import type { Team } from './team.tsx';

type Access = Team['support']['open'][number];

/** Who of support may be in the site, and the only way to let them in. */
export function SupportCard({
  api,
  siteName,
  support,
}: {
  readonly api: Api;
  readonly siteName: string;
  readonly support: Team['support'];
}) {
  const [isOpening, setOpening] = useState(false);
  return (
    <Card title={i18n.t('Support')} className="mt-4" flush>
      <div className="flex flex-wrap items-center justify-between gap-3 px-4 pb-3">
        <p className="min-w-0 flex-1 basis-72 text-13 text-pretty text-ink-soft">
          {support.open.length === 0 && (
            <span className="mb-1 block text-14 text-ink">
              {i18n.t('Nobody of support can see anything of {siteName}.', { siteName })}
            </span>
          )}
          {i18n.t(
            'Whoever runs this installation sees nothing in here by themselves. If they are to help, an owner lets them in for a while; it ends by itself, and everything they do stands in the activity.',
          )}
        </p>
        {support.mayOpen && (
          <Button icon={<LifeBuoy size={16} aria-hidden />} onClick={() => setOpening(true)} className="max-sm:w-full">
            {i18n.t('Let support in')}
          </Button>
        )}
      </div>
      {support.open.length > 0 && (
        <ul aria-label={i18n.t('Support')} className="divide-y divide-line border-t border-line">
          {support.open.map((access) => (
            <OpenAccess key={access.supportId} api={api} access={access} />
          ))}
        </ul>
      )}
      {isOpening && <SupportDialog api={api} siteName={siteName} onClose={() => setOpening(false)} />}
    </Card>
  );
}

function OpenAccess({ api, access }: { readonly api: Api; readonly access: Access }) {
  const { timeZone, dateLocale } = useReader();
  const end = useMutation(
    api.support.end.mutationOptions({
      onSuccess: () => {
        toast({
          title: i18n.t('{name} is out', { name: access.name }),
          description: i18n.t('What they had open here has closed.'),
        });
        return Promise.all([
          queryClient.invalidateQueries(api.team.pathFilter()),
          queryClient.invalidateQueries(api.site.pathFilter()),
        ]);
      },
    }),
  );
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5">
      <PersonInitials name={access.name} />
      <div className="min-w-0 flex-1 basis-56">
        <p className="truncate text-14 font-medium">
          {access.name} <span className="font-normal text-ink-soft">{access.email}</span>
        </p>
        <p className="text-13 break-words text-ink-soft">
          {i18n.t('until {time}, let in by {opener}: “{reason}”', {
            time: formatExact(new Date(access.until), timeZone, dateLocale),
            opener: access.openedBy,
            reason: access.reason,
          })}
        </p>
        <p className="text-13 text-ink-soft">
          {i18n.t('May: {what}', { what: access.permissions.map(permissionWords).join(' · ') })}
        </p>
      </div>
      <Button
        size="small"
        busyLabel={end.isPending && i18n.t('Ending …')}
        aria-label={i18n.t('End now: the access of {name}', { name: access.name })}
        onClick={() => end.mutate({ supportId: access.supportId })}
      >
        {i18n.t('End now')}
      </Button>
      {end.error && (
        <div className="basis-full">
          <Notice tone="danger">{wordsOf(end.error)}</Notice>
        </div>
      )}
    </li>
  );
}
