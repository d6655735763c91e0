import { Trans } from '@lingui/react';
import { i18n } from '../../../words.ts';
import {
  Badge,
  Button,
  Card,
  EmptyState,
  Notice,
  PageHeader,
  RelativeTime,
  StatusDot,
  formatExact,
  toast,
  useReader,
} from '@souk/ui/admin';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { Globe, Plus } from 'lucide-react';
import { useState } from 'react';
import { type Api, queryClient } from '../../../api.ts';
import { ListSkeleton } from '../../../components/list-parts.tsx';
import { wordsOf } from '../../../refusal.ts';
import { AddDomainDialog, PrimaryDialog, RemoveDomainDialog } from './-domain-dialogs.tsx';
import { RecordToSet, WhereToEnter } from './-domain-record.tsx';
import {
  type Claim,
  type Domains,
  type Mapping,
  type Words,
  pointingWords,
  recordWords,
  relativeTo,
} from './-domain-words.ts';

const domainsOptions = (api: Api) => api.domains.list.queryOptions(undefined, { staleTime: 10_000 });
const refresh = (api: Api): Promise<void> => queryClient.invalidateQueries(api.domains.pathFilter());

export const Route = createFileRoute('/s/$site/domains')({
  loader: ({ context }) => context.queryClient.ensureQueryData(domainsOptions(context.api)),
  head: ({ match }) => ({ meta: [{ title: `${i18n.t('Domains')} · ${match.context.site?.name ?? ''}` }] }),
  pendingComponent: () => <ListSkeleton label={i18n.t('The domains are being loaded')} />,
  component: DomainsPage,
});

function DomainsPage() {
  const { api, site } = Route.useRouteContext();
  const { data } = useSuspenseQuery(domainsOptions(api));
  const [isAdding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Mapping>();
  const [chosen, setChosen] = useState<Mapping>();
  const open = data.mappings.filter((m) => m.status !== 'released');
  const released = data.mappings.filter((m) => m.status === 'released');
  const hasOwn = open.some((m) => !m.isGiven) || data.claims.length > 0;
  return (
    <>
      <PageHeader
        title={i18n.t('Domains')}
        actions={
          <Button
            variant="primary"
            icon={<Plus size={16} aria-hidden />}
            onClick={() => setAdding(true)}
            className="max-sm:w-full"
          >
            {i18n.t('Add a domain')}
          </Button>
        }
      >
        {i18n.t('Where {siteName} can be reached.', { siteName: site.name })}
      </PageHeader>

      <div className="flex flex-col gap-4">
        {open
          .filter((m) => m.status === 'grace')
          .map((mapping) => (
            <GraceNotice key={mapping.mappingId} api={api} mapping={mapping} />
          ))}
        {data.claims.map((claim) => (
          <ClaimCard key={claim.claimId} api={api} claim={claim} />
        ))}
        <Card title={i18n.t('Addresses')} aside={String(open.length)} flush>
          <ul aria-label={i18n.t('Addresses')} className="divide-y divide-line border-t border-line">
            {open.map((mapping) => (
              <MappingRow
                key={mapping.mappingId}
                api={api}
                mapping={mapping}
                pointTo={data.pointTo}
                onChoose={() => setChosen(mapping)}
                onRemove={() => setRemoving(mapping)}
              />
            ))}
          </ul>
          {!hasOwn && (
            <div className="border-t border-line">
              <EmptyState
                icon={<Globe size={20} aria-hidden />}
                title={i18n.t('No domain of your own yet')}
                action={<Button onClick={() => setAdding(true)}>{i18n.t('Add a domain')}</Button>}
              >
                {i18n.t('Add the domain you have registered. You set one record there, and the shop gets your name.')}
              </EmptyState>
            </div>
          )}
        </Card>
        {released.length > 0 && (
          <Card title={i18n.t('Let go lately')} aside={String(released.length)} flush>
            <ul aria-label={i18n.t('Let go lately')} className="divide-y divide-line border-t border-line">
              {released.map((m) => (
                <li key={m.mappingId} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
                  <DomainTitle domain={m} />
                  <span className="text-13 text-ink-soft">
                    <RelativeTime at={m.since} />
                  </span>
                </li>
              ))}
            </ul>
          </Card>
        )}
      </div>

      {isAdding && <AddDomainDialog api={api} onClose={() => setAdding(false)} />}
      {chosen && <PrimaryDialog api={api} mapping={chosen} onClose={() => setChosen(undefined)} />}
      {removing && <RemoveDomainDialog api={api} mapping={removing} onClose={() => setRemoving(undefined)} />}
    </>
  );
}

/** A name as people read it; beside it as DNS writes it where that differs, and a warning where it could be taken for another. */
function DomainTitle({
  domain,
  children,
}: {
  readonly domain: Pick<Claim, 'domainName' | 'unicodeName' | 'mixesScripts'>;
  readonly children?: React.ReactNode;
}) {
  return (
    <div className="min-w-0 flex-1 basis-56">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-14 font-medium">
        <span className="min-w-0 break-all">{domain.unicodeName}</span>
        {children}
      </p>
      {domain.unicodeName !== domain.domainName && (
        <p className="font-mono text-12 break-all text-ink-soft">{domain.domainName}</p>
      )}
      {domain.mixesScripts && (
        <p className="text-13 text-warning">
          {i18n.t('It mixes letters of several scripts. Look closely whether it is the name you mean.')}
        </p>
      )}
    </div>
  );
}

const Found = ({ words }: { readonly words: Words }) => (
  <p className="flex items-start gap-2 text-13 text-pretty">
    <span
      aria-hidden
      className={`mt-1.5 size-2 shrink-0 rounded-full ${words.tone === 'success' ? 'bg-success-dot' : words.tone === 'warning' ? 'bg-warning-dot' : 'bg-neutral-dot'}`}
    />
    <span className="min-w-0 break-words text-ink-soft">{words.text}</span>
  </p>
);

function MappingRow({
  api,
  mapping,
  pointTo,
  onChoose,
  onRemove,
}: {
  readonly api: Api;
  readonly mapping: Mapping;
  readonly pointTo: Domains['pointTo'];
  readonly onChoose: () => void;
  readonly onRemove: () => void;
}) {
  const { mappingId, unicodeName, status } = mapping;
  const check = useMutation(api.domains.checkAgain.mutationOptions({ onSettled: () => refresh(api) }));
  const pointing = mapping.isGiven ? undefined : pointingWords(mapping.finding, pointTo);
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <DomainTitle domain={mapping}>
          {mapping.isPrimary && <Badge tone="accent">{i18n.t('main address')}</Badge>}
          {mapping.isGiven && <Badge>{i18n.t('came with the site')}</Badge>}
        </DomainTitle>
        <span className="w-40 text-14 max-sm:w-auto">
          <StatusDot tone={status === 'grace' ? 'warning' : 'success'}>
            {status === 'grace'
              ? i18n.t('record missing')
              : mapping.isPrimary
                ? 'active'
                : i18n.t('leads to the main one')}
          </StatusDot>
        </span>
        <span className="flex flex-wrap justify-end gap-1 sm:w-64">
          {mapping.mayBecomePrimary && (
            <Button size="small" aria-label={i18n.t('Make main: {unicodeName}', { unicodeName })} onClick={onChoose}>
              {i18n.t('Make main')}
            </Button>
          )}
          {!mapping.isGiven && (
            <Button
              size="small"
              variant="quiet"
              busyLabel={check.isPending && i18n.t('Looking …')}
              aria-label={i18n.t('Check: {unicodeName}', { unicodeName })}
              onClick={() => check.mutate({ mappingId })}
            >
              {i18n.t('Check')}
            </Button>
          )}
          {mapping.mayRemove && (
            <Button
              size="small"
              variant="quiet"
              aria-label={i18n.t('Remove {unicodeName}', { unicodeName })}
              onClick={onRemove}
            >
              {i18n.t('Remove')}
            </Button>
          )}
        </span>
      </div>
      {check.error && (
        <div className="mt-2">
          <Notice tone="warning">{wordsOf(check.error)}</Notice>
        </div>
      )}
      {pointing && pointing.tone !== 'success' && (
        <div className="mt-2 flex flex-col gap-2">
          <Found words={pointing} />
          <PointHere domain={mapping} pointTo={pointTo} />
        </div>
      )}
    </li>
  );
}

/** The records that bring visitors here: by address where a domain is registered, by name below one. */
function PointHere({
  domain,
  pointTo,
}: {
  readonly domain: Pick<Claim, 'domainName' | 'zone'>;
  readonly pointTo: Domains['pointTo'];
}) {
  const isApex = domain.domainName === domain.zone;
  const byName = !isApex && pointTo.cname !== undefined && !pointTo.cname.endsWith('.localhost');
  const records = byName
    ? [{ type: 'CNAME', name: domain.domainName, value: pointTo.cname ?? '' }]
    : pointTo.addresses.map((value) => ({ type: value.includes(':') ? 'AAAA' : 'A', name: domain.domainName, value }));
  if (records.length === 0)
    return (
      <p className="text-13 text-pretty text-ink-soft">
        {i18n.t(
          'So that visitors arrive, set an A record for {name} to the address of your server. Whoever runs the server knows it.',
          { name: relativeTo(domain.zone, domain.domainName) },
        )}
      </p>
    );
  return (
    <div className="flex flex-col gap-2">
      <p className="text-13 text-ink-soft">
        {i18n.t(
          '{n, plural, one {So that visitors arrive, set this record too:} other {So that visitors arrive, set these records too:}}',
          { n: records.length },
        )}
      </p>
      {records.map((record) => (
        <RecordToSet
          key={`${record.type} ${record.value}`}
          record={record}
          zone={domain.zone}
          about={i18n.t('of the {type} record of {domainName}', { type: record.type, domainName: domain.domainName })}
        />
      ))}
    </div>
  );
}

function GraceNotice({ api, mapping }: { readonly api: Api; readonly mapping: Mapping }) {
  const { mappingId, unicodeName, record } = mapping;
  const { timeZone, dateLocale } = useReader();
  const until =
    mapping.graceEndsAt === undefined
      ? i18n.t('three days have passed')
      : formatExact(new Date(mapping.graceEndsAt), timeZone, dateLocale);
  const check = useMutation(
    api.domains.checkAgain.mutationOptions({
      onSuccess: ({ status }) => {
        if (status === 'verified') toast({ title: i18n.t('{unicodeName} is proved again', { unicodeName }) });
        return refresh(api);
      },
    }),
  );
  return (
    <Notice tone="warning" title={i18n.t('The record of {unicodeName} has vanished', { unicodeName })}>
      <div className="flex flex-col gap-3 pt-1">
        <p className="text-pretty">
          {i18n.t(
            'The shop is still served there, until {until}. Set the record again, then everything stays as it is.',
            { until },
          )}
        </p>
        {record && (
          <RecordToSet
            record={record}
            zone={mapping.zone}
            about={i18n.t('of the record that proves {domainName}', { domainName: mapping.domainName })}
          />
        )}
        <Found words={recordWords(mapping.finding)} />
        {check.error && <p role="alert">{wordsOf(check.error)}</p>}
        <div>
          <Button
            size="small"
            busyLabel={check.isPending && i18n.t('Looking …')}
            onClick={() => check.mutate({ mappingId })}
            aria-label={i18n.t('Check now: the record of {unicodeName}', { unicodeName })}
          >
            {i18n.t('Check now')}
          </Button>
        </div>
      </div>
    </Notice>
  );
}

function ClaimCard({ api, claim }: { readonly api: Api; readonly claim: Claim }) {
  const { claimId, unicodeName } = claim;
  const check = useMutation(
    api.domains.check.mutationOptions({
      onSuccess: ({ outcome }) => {
        if (outcome === 'verified')
          toast({
            title: i18n.t('{unicodeName} is yours', { unicodeName }),
            description: i18n.t('Make it the main address when visitors arrive there.'),
          });
        return refresh(api);
      },
    }),
  );
  const withdraw = useMutation(
    api.domains.withdraw.mutationOptions({
      onSuccess: () => {
        toast({ title: i18n.t('{unicodeName} is taken back', { unicodeName }) });
        return refresh(api);
      },
    }),
  );
  const error = check.error ?? withdraw.error;
  if (claim.isOver)
    return (
      <Card flush>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3">
          <DomainTitle domain={claim} />
          <StatusDot tone="neutral" hollow>
            {i18n.t('never proved')}
          </StatusDot>
          <p className="basis-full text-13 text-ink-soft">
            {i18n.t('Its time is over. Add it again for a new record.')}
          </p>
        </div>
      </Card>
    );
  return (
    <section
      aria-label={i18n.t('{unicodeName} waits for its proof', { unicodeName })}
      className="rounded-card bg-surface shadow-card ring-1 ring-line"
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-3">
        <DomainTitle domain={claim} />
        <StatusDot tone="warning">{i18n.t('waits for its proof')}</StatusDot>
      </div>
      <div className="flex flex-col gap-3 px-4 py-4">
        <p className="text-14 text-pretty">
          {i18n.t(
            'Set this record where you registered {zone}. It shows that the domain is yours; it changes nothing for visitors and mails.',
            { zone: claim.zone },
          )}
        </p>
        <RecordToSet
          record={claim.record}
          zone={claim.zone}
          about={i18n.t('of the record that proves {domainName}', { domainName: claim.domainName })}
        />
        <WhereToEnter zone={claim.zone} />
        <div aria-live="polite">
          <Found words={recordWords(claim.finding)} />
        </div>
        {error && <Notice tone="warning">{wordsOf(error)}</Notice>}
        <div className="flex flex-wrap items-center gap-2">
          <Button
            variant="primary"
            busyLabel={check.isPending && i18n.t('Looking …')}
            onClick={() => check.mutate({ claimId })}
            aria-label={i18n.t('Check now: the record of {unicodeName}', { unicodeName })}
          >
            {i18n.t('Check now')}
          </Button>
          <Button
            variant="quiet"
            busyLabel={withdraw.isPending && i18n.t('Taking back …')}
            onClick={() => withdraw.mutate({ claimId })}
            aria-label={i18n.t('Take back: {unicodeName}', { unicodeName })}
          >
            {i18n.t('Take back')}
          </Button>
          <span className="text-13 text-ink-soft">
            {claim.checkedAt === undefined ? (
              i18n.t('Good for two weeks')
            ) : (
              <>
                <Trans id="Last looked <0/>" components={{ 0: <RelativeTime at={claim.checkedAt} /> }} />
              </>
            )}
          </span>
        </div>
      </div>
    </section>
  );
}
