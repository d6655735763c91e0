import { formatNumber } from '../../../../../language.ts';
import { Trans } from '@lingui/react';
import { i18n } from '../../../../../words.ts';
import {
  Badge,
  Button,
  Card,
  Checkbox,
  type Column,
  DataList,
  LoadingState,
  Notice,
  PageHeader,
  Progress,
  RelativeTime,
  Skeleton,
  StatusDot,
  buttonClass,
  formatMoney,
  useReader,
} from '@souk/ui/admin';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link, createFileRoute } from '@tanstack/react-router';
import { ArrowLeft, Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Api } from '../../../../../api.ts';
import {
  IMPORT_STATUS_WORDS,
  amountOf,
  columnKind,
  consequenceWords,
  fileErrorWords,
  inReadingOrder,
  outcomeWords,
  refusedProducts,
} from '../../../../../import-words.ts';
import { useKept } from '../../../../../kept.ts';
import { productCount } from '../../../../../product-words.ts';
import { isToldElsewhere, referenceOf, wordsOf } from '../../../../../refusal.ts';

/** How often a running import is asked for, in milliseconds; live events come on top. */
const ASK_EVERY_MS = 500;
const ISSUES_SHOWN = 100;

const importOptions = (api: Api, importId: string) =>
  api.imports.get.queryOptions(
    { importId },
    {
      staleTime: 0,
      refetchInterval: (query) =>
        query.state.data?.status === 'checking' || query.state.data?.status === 'applying' ? ASK_EVERY_MS : false,
    },
  );

export const Route = createFileRoute('/s/$site/products/import/$importId')({
  loader: ({ context, params }) => context.queryClient.ensureQueryData(importOptions(context.api, params.importId)),
  head: ({ match, loaderData }) => ({
    meta: [{ title: `${loaderData?.fileName ?? i18n.t('Import')} · ${match.context.site?.name ?? ''}` }],
  }),
  pendingComponent: () => (
    <LoadingState label={i18n.t('The import is being loaded')}>
      <Skeleton className="mb-5 h-7 w-64" />
      <Skeleton className="h-32 rounded-card" />
    </LoadingState>
  ),
  component: ImportPage,
});

type Import = Awaited<ReturnType<Api['client']['imports']['get']['query']>>;
type Summary = Required<Import['summary']>;

const EMPTY: Summary = {
  rows: 0,
  products: 0,
  variants: 0,
  newProducts: 0,
  changedProducts: 0,
  sameProducts: 0,
  pictures: 0,
  errors: 0,
  warnings: 0,
  columns: [],
  issues: [],
  issuesLeftOut: 0,
  sample: [],
  refusedHandles: [],
  fileErrors: 0,
  complete: false,
};

function ImportPage() {
  const { api, site } = Route.useRouteContext();
  const { importId } = Route.useParams();
  const { data, error } = useSuspenseQuery(importOptions(api, importId));
  const summary: Summary = { ...EMPTY, ...data.summary };
  const status = IMPORT_STATUS_WORDS[data.status];
  const isChecked = data.status !== 'checking';
  const report = `/s/${encodeURIComponent(site.handle)}/downloads/product-imports/${importId}/report.csv`;
  return (
    <>
      <Link
        from={Route.fullPath}
        to="/s/$site/products/import"
        className="mb-2 inline-flex h-8 items-center gap-1.5 text-13 text-ink-soft hover:text-ink touch:h-11"
      >
        <ArrowLeft size={14} aria-hidden /> {i18n.t('Import')}
      </Link>
      <PageHeader
        title={data.fileName}
        status={<StatusDot tone={status.tone}>{status.label}</StatusDot>}
        actions={
          isChecked &&
          summary.issues.length > 0 && (
            <a href={report} download className={buttonClass('secondary')}>
              <Download size={15} aria-hidden /> {i18n.t('Download report')}
            </a>
          )
        }
      >
        <Trans
          id="{size} · brought here <0/>"
          values={{ size: formatBytes(data.byteSize) }}
          components={{ 0: <RelativeTime at={data.createdAt} /> }}
        />
      </PageHeader>
      <div className="flex flex-col gap-4">
        {error && !isToldElsewhere(error) && (
          <Notice tone="warning" title={i18n.t('This is not up to date')}>
            {wordsOf(error)}{' '}
            {referenceOf(error) !== undefined && i18n.t('Reference {reference}.', { reference: referenceOf(error) })}
          </Notice>
        )}
        <Stage data={data} summary={summary} />
        {isChecked && summary.rows > 0 && (
          <>
            <Figures summary={summary} />
            <Issues summary={summary} />
            <Sample summary={summary} />
            <Columns summary={summary} />
          </>
        )}
      </div>
    </>
  );
}

const formatBytes = (bytes: number): string => {
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1000, 'kilobyte'] : [bytes / 1_000_000, 'megabyte'];
  return formatNumber(value, { style: 'unit', unit, maximumFractionDigits: 1 });
};

/** Where the import stands and the one thing to do next. */
function Stage({ data, summary }: { readonly data: Import; readonly summary: Summary }) {
  const share = data.progressTotal > 0 ? Math.min(100, (data.progressDone / data.progressTotal) * 100) : null;
  switch (data.status) {
    case 'checking':
      return (
        <Card>
          <Progress label={i18n.t('Checking the file. Nothing is written yet.')} value={share} />
          <div className="mt-3 flex justify-end">
            <CancelImport data={data} />
          </div>
        </Card>
      );
    case 'applying':
      return (
        <Card>
          <Progress
            label={i18n.t('Importing {products}. All of them, or none.', { products: productCount(summary.products) })}
            value={share}
          />
          <div className="mt-3 flex items-center justify-between gap-4">
            <p className="text-13 text-ink-soft">{i18n.t('You can leave this page; it goes on by itself.')}</p>
            <CancelImport data={data} />
          </div>
        </Card>
      );
    case 'applied':
      return <Done summary={summary} excluded={data.excludedHandles.length} />;
    case 'cancelled':
      return <Again title={i18n.t('Cancelled. Nothing of this file was imported.')} />;
    case 'failed':
      return <Again title={i18n.t('This import broke off. Nothing of this file was imported.')} tone="danger" />;
    case 'ready':
    case 'refused':
      return <Decide data={data} summary={summary} />;
  }
}

const Again = ({ title, tone = 'neutral' }: { readonly title: string; readonly tone?: 'neutral' | 'danger' }) => (
  <Notice
    tone={tone}
    title={title}
    action={
      <Link from={Route.fullPath} to="/s/$site/products/import" className={buttonClass('secondary', 'small')}>
        {i18n.t('Choose a file')}
      </Link>
    }
  />
);

function CancelImport({ data, size = 'small' }: { readonly data: Import; readonly size?: 'small' | 'regular' }) {
  const { api } = Route.useRouteContext();
  const queries = useQueryClient();
  const cancel = useMutation(
    api.imports.cancel.mutationOptions({ onSettled: () => queries.invalidateQueries(api.imports.pathFilter()) }),
  );
  return (
    <Button
      size={size}
      onClick={() => cancel.mutate({ importId: data.importId })}
      busyLabel={(cancel.isPending || cancel.isSuccess) && i18n.t('Stopping …')}
    >
      {i18n.t('Cancel')}
    </Button>
  );
}

function Done({ summary, excluded }: { readonly summary: Summary; readonly excluded: number }) {
  return (
    <Notice
      tone="success"
      title={`${outcomeWords(summary)}.`}
      action={
        <Link
          from={Route.fullPath}
          to="/s/$site/products"
          search={summary.newProducts > 0 ? { status: 'draft' } : {}}
          className={buttonClass('primary', 'small')}
        >
          {summary.newProducts > 0 ? i18n.t('Look at the drafts') : i18n.t('Look at the products')}
        </Link>
      }
    >
      {summary.newProducts > 0 && <p>{i18n.t('Customers see them when you publish them.')}</p>}
      {excluded > 0 && <p>{i18n.t('{products} left out, as you chose.', { products: productCount(excluded) })}</p>}
      {summary.pictures > 0 && summary.newProducts > 0 && (
        <p>
          {i18n.t('Pictures are being fetched in the background. A product whose pictures fail is whole and says so.')}
        </p>
      )}
    </Notice>
  );
}

/** Everything is known now: what would be written, and what the person has to decide. */
function Decide({ data, summary }: { readonly data: Import; readonly summary: Summary }) {
  const { api } = Route.useRouteContext();
  const queries = useQueryClient();
  const refused = useMemo(
    () => refusedProducts(summary.refusedHandles, summary.issues),
    [summary.refusedHandles, summary.issues],
  );
  const isCurable = summary.complete && summary.fileErrors === 0;
  const [kept, keep, forget] = useKept<{ readonly leftOut: readonly string[] }>(`import.${data.importId}`, {
    leftOut: [],
  });
  const leftOut = new Set(kept.leftOut.filter((handle) => refused.some((product) => product.handle === handle)));
  const apply = useMutation(
    api.imports.start.mutationOptions({
      onSuccess: () => {
        forget();
      },
      onSettled: () => queries.invalidateQueries(api.imports.pathFilter()),
    }),
  );
  const toImport = summary.newProducts + summary.changedProducts + summary.sameProducts;
  const changesNothing = summary.newProducts + summary.changedProducts === 0;
  const allChosen = refused.every((product) => leftOut.has(product.handle));

  if (summary.errors === 0 && changesNothing && toImport > 0) {
    return (
      <Notice
        tone="success"
        title={i18n.t('Everything is already here, unchanged.')}
        action={
          <Button
            size="small"
            onClick={() => apply.mutate({ importId: data.importId, excludedHandles: [] })}
            busyLabel={apply.isPending && i18n.t('Beginning …')}
          >
            {i18n.t('Set the stock from the file')}
          </Button>
        }
      >
        {i18n.t(
          '{n, plural, one {# product in this file is as in your shop. There is nothing to import; only the counts of stock would be taken over.} other {# products in this file are as in your shop. There is nothing to import; only the counts of stock would be taken over.}}',
          { n: toImport },
        )}
      </Notice>
    );
  }
  return (
    <Card>
      {apply.error && !isToldElsewhere(apply.error) && (
        <div className="mb-3">
          <Notice tone="danger" title={i18n.t('Nothing was imported')}>
            {wordsOf(apply.error)}
          </Notice>
        </div>
      )}
      {summary.errors === 0 ? (
        <div className="flex flex-wrap items-center justify-between gap-4">
          <div className="min-w-0 flex-1 basis-72">
            <p className="text-16 font-semibold">
              {i18n.t('{products} can be imported', { products: productCount(toImport) })}
            </p>
            <p className="text-14 text-ink-soft">
              {consequenceWords(summary)}
              {summary.warnings > 0 && (
                <>
                  {' '}
                  {i18n.t(
                    '{n, plural, one {# remark says what happens to unusual values.} other {# remarks say what happens to unusual values.}}',
                    { n: summary.warnings },
                  )}
                </>
              )}
            </p>
          </div>
          <div className="flex gap-2">
            <CancelImport data={data} size="regular" />
            <Button
              variant="primary"
              onClick={() => apply.mutate({ importId: data.importId, excludedHandles: [] })}
              busyLabel={apply.isPending && i18n.t('Beginning …')}
            >
              {i18n.t('Import {products}', { products: productCount(toImport) })}
            </Button>
          </div>
        </div>
      ) : !isCurable ? (
        <div className="flex flex-wrap items-center justify-between gap-4">
          <div className="min-w-0 flex-1 basis-72">
            <p className="text-16 font-semibold">{i18n.t('This file cannot be imported as it is')}</p>
            <p className="max-w-prose text-14 text-ink-soft">
              {i18n.t('{fileError} Nothing was written. Correct the file and bring it again.', {
                fileError: fileErrorWords(summary.issues),
              })}
            </p>
          </div>
          <Link from={Route.fullPath} to="/s/$site/products/import" className={buttonClass('primary')}>
            {i18n.t('Choose another file')}
          </Link>
        </div>
      ) : (
        <div>
          <p className="text-16 font-semibold">
            {i18n.t(
              '{n, plural, one {# product has errors, so nothing is imported} other {# products have errors, so nothing is imported}}',
              { n: refused.length },
            )}
          </p>
          <p className="mb-3 max-w-prose text-14 text-ink-soft">
            {i18n.t(
              'Correct the file and bring it again. Or leave out the products with errors, one by one or all, and import the rest.',
            )}
          </p>
          <ul className="flex flex-col rounded-control ring-1 ring-line">
            {refused.length > 1 && (
              <li className="border-b border-line bg-ground px-3 py-2">
                <Checkbox
                  checked={allChosen}
                  mixed={leftOut.size > 0 && !allChosen}
                  onChange={(on) => keep({ leftOut: on ? refused.map((product) => product.handle) : [] })}
                  label={
                    <span className="font-medium">
                      {i18n.t('Leave out all {products} with errors', { products: productCount(refused.length) })}
                    </span>
                  }
                />
              </li>
            )}
            {refused.slice(0, ISSUES_SHOWN).map((product) => (
              <li key={product.handle} className="border-b border-line px-3 py-2 last:border-0">
                <Checkbox
                  className="items-start"
                  checked={leftOut.has(product.handle)}
                  onChange={(on) =>
                    keep({
                      leftOut: on
                        ? [...leftOut, product.handle]
                        : [...leftOut].filter((handle) => handle !== product.handle),
                    })
                  }
                  label={
                    <>
                      <Trans
                        id="Leave out <0>{handle}</0>"
                        values={{ handle: product.handle }}
                        components={{ 0: <strong className="font-semibold break-all" /> }}
                      />
                      {product.first !== undefined && (
                        <span className="block text-13 text-ink-soft">
                          {product.first}
                          {product.errors > 1 && <> {i18n.t('And {n} more.', { n: product.errors - 1 })}</>}
                        </span>
                      )}
                    </>
                  }
                />
              </li>
            ))}
          </ul>
          {refused.length > ISSUES_SHOWN && (
            <p className="mt-2 text-13 text-ink-soft">
              {i18n.t('and {n} more, in the report', { n: formatNumber(refused.length - ISSUES_SHOWN) })}
            </p>
          )}
          <div className="mt-4 flex flex-wrap items-center justify-between gap-3">
            <p className="text-13 text-ink-soft" aria-live="polite">
              {leftOut.size === 0
                ? i18n.t('Nothing is left out yet.')
                : i18n.t('{n} of {all} left out.', { n: leftOut.size, all: refused.length })}
            </p>
            <div className="flex gap-2">
              <CancelImport data={data} size="regular" />
              <Button
                variant="primary"
                disabled={!allChosen || toImport === 0}
                onClick={() => apply.mutate({ importId: data.importId, excludedHandles: [...leftOut] })}
                busyLabel={apply.isPending && i18n.t('Beginning …')}
              >
                {i18n.t('Import {products}', { products: productCount(toImport) })}
              </Button>
            </div>
          </div>
        </div>
      )}
    </Card>
  );
}

function Figures({ summary }: { readonly summary: Summary }) {
  const figures: readonly (readonly [label: string, value: number])[] = [
    [i18n.t('Products'), summary.products],
    [i18n.t('Variants'), summary.variants],
    [i18n.t('New'), summary.newProducts],
    [i18n.t('Changed'), summary.changedProducts],
    [i18n.t('The same'), summary.sameProducts],
    [i18n.t('Pictures'), summary.pictures],
  ];
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-card bg-line ring-1 ring-line sm:grid-cols-3 lg:grid-cols-6">
      {figures.map(([label, value]) => (
        <div key={label} className="bg-surface px-4 py-3">
          <dt className="text-13 text-ink-soft">{label}</dt>
          <dd className="tabular text-20 font-semibold">{formatNumber(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

type Issue = Summary['issues'][number];

const ISSUE_COLUMNS: readonly Column<Issue>[] = [
  {
    key: 'severity',
    header: i18n.t('Kind'),
    cell: (issue) => <Severity issue={issue} />,
    className: 'w-28 align-top py-2.5',
  },
  {
    key: 'row',
    header: i18n.t('Row'),
    align: 'end',
    cell: (issue) => formatNumber(issue.row),
    className: 'w-16 align-top py-2.5',
  },
  {
    key: 'product',
    header: i18n.t('Product'),
    cell: (issue) => <span className="break-all">{issue.handle ?? '–'}</span>,
    className: 'w-48 align-top py-2.5',
    from: 'md',
  },
  { key: 'column', header: i18n.t('Column'), cell: (issue) => issue.column ?? '–', className: 'w-44 align-top py-2.5' },
  {
    key: 'words',
    header: i18n.t('What it is'),
    cell: (issue) => <span className="break-words">{issue.message}</span>,
    className: 'align-top py-2.5',
  },
];

const Severity = ({ issue }: { readonly issue: Issue }) => (
  <StatusDot tone={issue.severity === 'error' ? 'danger' : 'warning'}>
    {issue.severity === 'error' ? i18n.t('Error') : i18n.t('Remark')}
  </StatusDot>
);

const IssueCard = ({ row: issue }: { readonly row: Issue }) => (
  <div className="px-4 py-3">
    <p className="flex items-baseline justify-between gap-3 text-13">
      <Severity issue={issue} />
      <span className="text-ink-soft">
        {i18n.t('Row {n}', { n: issue.row })}
        {issue.column !== null && ` · ${issue.column}`}
      </span>
    </p>
    <p className="mt-1 text-14 break-words">
      {issue.handle !== undefined && <strong className="font-medium">{issue.handle}: </strong>}
      {issue.message}
    </p>
  </div>
);

function Issues({ summary }: { readonly summary: Summary }) {
  const issues = useMemo(() => inReadingOrder(summary.issues), [summary.issues]);
  const [shown, setShown] = useState(20);
  if (issues.length === 0) return null;
  const rest = issues.length - shown;
  return (
    <Card
      title={i18n.t('Errors and remarks')}
      aside={i18n.t(
        '{errors, plural, one {# error} other {# errors}}, {remarks, plural, one {# remark} other {# remarks}}',
        {
          errors: summary.errors,
          remarks: summary.warnings,
        },
      )}
      flush
    >
      <div className="border-t border-line">
        <DataList
          label={i18n.t('Errors and remarks')}
          rows={issues.slice(0, shown)}
          columns={ISSUE_COLUMNS}
          rowKey={(issue) => `${issue.row}-${issue.column}-${issue.code}-${issue.handle}-${issue.message}`}
          card={IssueCard}
        />
      </div>
      {(rest > 0 || summary.issuesLeftOut > 0) && (
        <div className="flex items-center justify-between gap-3 border-t border-line px-4 py-2.5 text-13 text-ink-soft">
          <span>
            {rest > 0
              ? i18n.t('{n} more', { n: formatNumber(rest) })
              : i18n.t('{n} more are not listed', { n: formatNumber(summary.issuesLeftOut) })}
          </span>
          {rest > 0 && (
            <Button size="small" onClick={() => setShown((n) => n + ISSUES_SHOWN)}>
              {i18n.t('Show more')}
            </Button>
          )}
        </div>
      )}
    </Card>
  );
}

function Columns({ summary }: { readonly summary: Summary }) {
  const of = (kind: 'taken' | 'left' | 'unknown') =>
    summary.columns.filter((column) => columnKind(column.meaning) === kind);
  const groups = [
    { title: i18n.t('Imported'), tone: 'success', columns: of('taken') },
    { title: i18n.t('Known, but not imported'), tone: 'neutral', columns: of('left') },
    { title: i18n.t('Unknown, not imported'), tone: 'warning', columns: of('unknown') },
  ] as const;
  return (
    <Card title={i18n.t('Columns of the file')}>
      <div className="flex flex-col gap-2">
        {groups
          .filter((group) => group.columns.length > 0)
          .map((group) => (
            <details key={group.title} open={group.tone === 'warning'}>
              <summary className="w-fit cursor-pointer text-14 touch:py-2.5">
                {group.title} <span className="tabular text-ink-soft">({group.columns.length})</span>
              </summary>
              <ul className="mt-2 flex flex-wrap gap-1.5">
                {group.columns.map((column, i) => (
                  <li key={`${column.name}-${i}`}>
                    <Badge tone={group.tone}>{column.name === '' ? i18n.t('(no name)') : column.name}</Badge>
                  </li>
                ))}
              </ul>
            </details>
          ))}
      </div>
    </Card>
  );
}

const CHANGES = {
  new: { label: i18n.t('New'), tone: 'accent' },
  changed: { label: i18n.t('Changed'), tone: 'warning' },
  same: { label: i18n.t('The same'), tone: 'neutral' },
} as const;
type SampleRow = Summary['sample'][number];

const SAMPLE_COLUMNS: readonly Column<SampleRow>[] = [
  { key: 'title', header: i18n.t('Product'), cell: (row) => <span className="font-medium">{row.title}</span> },
  {
    key: 'change',
    header: i18n.t('What happens'),
    cell: (row) => <StatusDot tone={CHANGES[row.change].tone}>{CHANGES[row.change].label}</StatusDot>,
  },
  {
    key: 'handle',
    header: i18n.t('Handle'),
    cell: (row) => <span className="text-ink-soft">{row.handle}</span>,
    from: 'lg',
  },
  { key: 'variants', header: i18n.t('Variants'), align: 'end', cell: (row) => row.variants },
  { key: 'price', header: i18n.t('Price'), align: 'end', cell: (row) => <Price text={row.price} /> },
];

/** The API names a sample's price as `69.99 EUR`. */
function Price({ text }: { readonly text: string }) {
  const { locale } = useReader();
  const amount = amountOf(text);
  return amount ? formatMoney(amount, locale) : text;
}

const SampleCard = ({ row }: { readonly row: SampleRow }) => (
  <div className="flex items-baseline justify-between gap-3 px-4 py-3">
    <div className="min-w-0">
      <p className="truncate font-medium">{row.title}</p>
      <p className="text-13 text-ink-soft">
        {i18n.t('{n, plural, one {# variant} other {# variants}}', { n: row.variants })} · <Price text={row.price} />
      </p>
    </div>
    <StatusDot tone={CHANGES[row.change].tone}>{CHANGES[row.change].label}</StatusDot>
  </div>
);

function Sample({ summary }: { readonly summary: Summary }) {
  const [isWhole, setWhole] = useState(false);
  if (summary.sample.length === 0) return null;
  const rows = isWhole ? summary.sample : summary.sample.slice(0, 10);
  return (
    <Card
      title={i18n.t('Products in the file')}
      aside={
        summary.sample.length < summary.products
          ? i18n.t('the first {n} of {all}', { n: summary.sample.length, all: formatNumber(summary.products) })
          : formatNumber(summary.products)
      }
      flush
    >
      <div className="border-t border-line">
        <DataList
          label={i18n.t('Products in the file')}
          rows={rows}
          columns={SAMPLE_COLUMNS}
          rowKey={(row) => row.handle}
          card={SampleCard}
        />
      </div>
      {rows.length < summary.sample.length && (
        <div className="flex justify-end border-t border-line px-4 py-2.5">
          <Button size="small" onClick={() => setWhole(true)}>
            {i18n.t('Show all {n}', { n: summary.sample.length })}
          </Button>
        </div>
      )}
    </Card>
  );
}
