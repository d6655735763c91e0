import { formatNumber } from '../../language.ts';
import { Trans } from '@lingui/react';
import { i18n } from '../../words.ts';
import { Button, Card, Fact, Facts, Notice, PageHeader, RelativeTime, StatusDot } from '@souk/ui/admin';
import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { RefreshCw } from 'lucide-react';
import type { Api } from '../../api.ts';
import { ListSkeleton } from '../../components/list-parts.tsx';
import { RouteError } from '../../components/route-states.tsx';

const healthOptions = (api: Api) =>
  api.operator.health.queryOptions(undefined, { staleTime: 5_000, refetchInterval: 30_000 });

export const Route = createFileRoute('/operator/health')({
  loader: ({ context }) => context.queryClient.ensureQueryData(healthOptions(context.account)),
  head: () => ({ meta: [{ title: i18n.t('Health · Installation') }] }),
  pendingComponent: () => <ListSkeleton rows={4} label={i18n.t('The installation is being looked at')} />,
  errorComponent: RouteError,
  component: Health,
});

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Bytes as people read them: `81 GB`. */
function bytesWords(bytes: number): string {
  const at = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** at;
  return formatNumber(value, {
    style: 'unit',
    unit: UNITS[at] ?? 'byte',
    unitDisplay: at === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && at > 0 ? 1 : 0,
  });
}

/** The largest two units of a time: `3 days 4 hours`. */
function durationWords(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), 'day'],
    [Math.floor(seconds / 3600) % 24, 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
  ] as const;
  const shown = parts.filter(([n]) => n > 0).slice(0, 2);
  return shown.length === 0
    ? i18n.t('less than a minute')
    : shown.map(([n, unit]) => formatNumber(n, { style: 'unit', unit, unitDisplay: 'long' })).join(' ');
}

/** Less room than this is soon none: PostgreSQL stops writing. */
const LITTLE_ROOM = 0.1;
/** One is taken each day; two missed are no chance. */
const OLD_BACKUP_MS = 2 * 86_400_000;
const backupIsOld = ({ takenAt }: { readonly takenAt: string }): boolean =>
  Date.now() - new Date(takenAt).getTime() > OLD_BACKUP_MS;
/** Events are moved within a second or two; so many at once have been waiting. */
const MANY_WAITING = 1000;

const QUEUE_WORDS: Readonly<Record<string, string>> = {
  dead: i18n.t('Given up for good'),
  mail: i18n.t('Mails of shops'),
  'account-mail': i18n.t('Mails about accounts'),
  media: i18n.t('Pictures'),
  imports: i18n.t('Imports'),
  notices: i18n.t('Notices of payments'),
};

function Health() {
  const { account } = Route.useRouteContext();
  const { data, isFetching, refetch } = useSuspenseQuery(healthOptions(account));
  const { database, disk, outbox } = data;
  const troubles = [
    ...(data.heldSince === undefined
      ? []
      : [
          i18n.t(
            'Restored from a backup: mails and jobs wait. Look whether what came back is right, then run npm run restore -- release.',
          ),
        ]),
    ...(database.missing > 0
      ? [
          i18n.t('{missing} changes of the database have not been made yet: run npm run migrate.', {
            missing: database.missing,
          }),
        ]
      : []),
    ...(disk.freeBytes < disk.totalBytes * LITTLE_ROOM
      ? [
          i18n.t('The disk is nearly full: {bytes} are left. Without room nothing can be sold.', {
            bytes: bytesWords(disk.freeBytes),
          }),
        ]
      : []),
    ...(data.backup === undefined
      ? [i18n.t('There is no backup yet. Run npm run backup, and look at it again tomorrow.')]
      : backupIsOld(data.backup)
        ? [i18n.t('The newest backup is older than two days. Look why none was taken: npm run backup.')]
        : data.backup.provedAt === undefined
          ? [i18n.t('The newest backup was never restored for a try. Run npm run backup for one that is.')]
          : []),
    ...(outbox.waiting > MANY_WAITING
      ? [i18n.t('Mails and notices wait: look whether the program that sends them runs.')]
      : []),
    ...(data.queues.some((queue) => queue.name === 'dead' && queue.waiting > 0)
      ? [i18n.t('Some work was tried many times and given up. The log of the server says which.')]
      : []),
  ];
  return (
    <>
      <PageHeader
        title={i18n.t('Health')}
        status={
          <StatusDot tone={troubles.length === 0 ? 'success' : 'warning'}>
            {troubles.length === 0
              ? i18n.t('all well')
              : i18n.t('{troubles} to look at', { troubles: troubles.length })}
          </StatusDot>
        }
        actions={
          <Button
            icon={<RefreshCw size={15} aria-hidden />}
            busyLabel={isFetching && i18n.t('Looking …')}
            onClick={() => void refetch()}
          >
            {i18n.t('Look again')}
          </Button>
        }
      >
        {i18n.t('Figures of the whole installation. None of them is a site’s.')}
      </PageHeader>
      {troubles.length > 0 && (
        <div className="mb-4 flex flex-col gap-2">
          {troubles.map((words) => (
            <Notice key={words} tone="warning">
              {words}
            </Notice>
          ))}
        </div>
      )}
      <div className="grid gap-4 md:grid-cols-3">
        <Card title={i18n.t('Program')}>
          <Facts>
            <Fact name="Node.js">{data.node}</Fact>
            <Fact name="PostgreSQL">{database.version}</Fact>
            <Fact name={i18n.t('Its tables')}>
              {database.missing === 0
                ? i18n.t('up to date')
                : i18n.t('{missing} changes missing', { missing: database.missing })}
            </Fact>
            <Fact name={i18n.t('Running for')}>{durationWords(data.upSeconds)}</Fact>
            <Fact name={i18n.t('Kind')}>{data.mode}</Fact>
          </Facts>
        </Card>
        <Card title={i18n.t('Room')}>
          <Facts>
            <Fact name={i18n.t('Free on the disk')}>{bytesWords(disk.freeBytes)}</Fact>
            <Fact name={i18n.t('Of')}>{bytesWords(disk.totalBytes)}</Fact>
            <Fact name={i18n.t('Database')}>{bytesWords(database.bytes)}</Fact>
            <Fact name={i18n.t('Newest backup')}>
              {data.backup === undefined ? (
                i18n.t('none')
              ) : (
                <>
                  <RelativeTime at={data.backup.takenAt} />
                  {data.backup.provedAt !== undefined && `, ${i18n.t('proved by a restore')}`}
                </>
              )}
            </Fact>
          </Facts>
        </Card>
        <Card title={i18n.t('Work that waits')}>
          <Facts>
            <Fact name={i18n.t('Not handed out yet')}>
              {outbox.waiting}
              {outbox.oldest !== undefined && (
                <>
                  <Trans id=", since <0/>" components={{ 0: <RelativeTime at={outbox.oldest} /> }} />
                </>
              )}
            </Fact>
            {data.queues.map((queue) => (
              <Fact key={queue.name} name={QUEUE_WORDS[queue.name] ?? queue.name}>
                {queue.waiting + queue.active}
                {queue.failed > 0 && i18n.t(', {failed} failed', { failed: queue.failed })}
              </Fact>
            ))}
          </Facts>
        </Card>
      </div>
    </>
  );
}
