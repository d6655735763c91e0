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
    meta: [{ title: `${loaderData?.fileName ?? 'Import'} · ${match.context.site?.name ?? ''}` }],
  }),
  pendingComponent: () => (
    <LoadingState label="The import is being loaded">
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
        <ArrowLeft size={14} aria-hidden /> Import
      </Link>
      <PageHeader
        title={data.fileName}
        status={<StatusDot tone={status.tone}>{status.label}</StatusDot>}
        actions={
          isChecked &&
          summary.issues.length > 0 && (
            <a href={report} download className={buttonClass('secondary')}>
              <Download size={15} aria-hidden /> Download report
            </a>
          )
        }
      >
        {formatBytes(data.byteSize)} · brought here <RelativeTime at={data.createdAt} />
      </PageHeader>
      <div className="flex flex-col gap-4">
        {error && !isToldElsewhere(error) && (
          <Notice tone="warning" title="This is not up to date">
            {wordsOf(error)} {referenceOf(error) !== undefined && `Reference ${referenceOf(error)}.`}
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
  return new Intl.NumberFormat(undefined, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value);
};

/** Where the import stands and the one thing to do next. */
function Stage({ data, summary }: { readonly data: Import; readonly summary: Summary }) {
  const share = data.progressTotal > 0 ? Math.min(100, (data.progressDone / data.progressTotal) * 100) : null;
  switch (data.status) {
    case 'checking':
      return (
        <Card>
          <Progress label="Checking the file. Nothing is written yet." value={share} />
          <div className="mt-3 flex justify-end">
            <CancelImport data={data} />
          </div>
        </Card>
      );
    case 'applying':
      return (
        <Card>
          <Progress label={`Importing ${productCount(summary.products)}. All of them, or none.`} value={share} />
          <div className="mt-3 flex items-center justify-between gap-4">
            <p className="text-13 text-ink-soft">You can leave this page; it goes on by itself.</p>
            <CancelImport data={data} />
          </div>
        </Card>
      );
    case 'applied':
      return <Done summary={summary} excluded={data.excludedHandles.length} />;
    case 'cancelled':
      return <Again title="Cancelled. Nothing of this file was imported." />;
    case 'failed':
      return <Again title="This import broke off. Nothing of this file was imported." tone="danger" />;
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
        Choose a file
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
      busyLabel={(cancel.isPending || cancel.isSuccess) && 'Stopping …'}
    >
      Cancel
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
          {summary.newProducts > 0 ? 'Look at the drafts' : 'Look at the products'}
        </Link>
      }
    >
      {summary.newProducts > 0 && <p>Customers see them when you publish them.</p>}
      {excluded > 0 && <p>{productCount(excluded)} left out, as you chose.</p>}
      {summary.pictures > 0 && summary.newProducts > 0 && (
        <p>Pictures are being fetched in the background. A product whose pictures fail is whole and says so.</p>
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
        title="Everything is already here, unchanged."
        action={
          <Button
            size="small"
            onClick={() => apply.mutate({ importId: data.importId, excludedHandles: [] })}
            busyLabel={apply.isPending && 'Beginning …'}
          >
            Set the stock from the file
          </Button>
        }
      >
        {productCount(toImport)} in this file {toImport === 1 ? 'is' : 'are'} as in your shop. There is nothing to
        import; only the counts of stock would be taken over.
      </Notice>
    );
  }
  return (
    <Card>
      {apply.error && !isToldElsewhere(apply.error) && (
        <div className="mb-3">
          <Notice tone="danger" title="Nothing was imported">
            {wordsOf(apply.error)}
          </Notice>
        </div>
      )}
      {summary.errors === 0 ? (
        <div className="flex flex-wrap items-center justify-between gap-4">
          <div className="min-w-0 flex-1 basis-72">
            <p className="text-16 font-semibold">{productCount(toImport)} can be imported</p>
            <p className="text-14 text-ink-soft">
              {consequenceWords(summary)}
              {summary.warnings > 0 &&
                ` ${summary.warnings.toLocaleString()} ${summary.warnings === 1 ? 'remark says' : 'remarks say'} what happens to unusual values.`}
            </p>
          </div>
          <div className="flex gap-2">
            <CancelImport data={data} size="regular" />
            <Button
              variant="primary"
              onClick={() => apply.mutate({ importId: data.importId, excludedHandles: [] })}
              busyLabel={apply.isPending && 'Beginning …'}
            >
              Import {productCount(toImport)}
            </Button>
          </div>
        </div>
      ) : !isCurable ? (
        <div className="flex flex-wrap items-center justify-between gap-4">
          <div className="min-w-0 flex-1 basis-72">
            <p className="text-16 font-semibold">This file cannot be imported as it is</p>
            <p className="max-w-prose text-14 text-ink-soft">
              {fileErrorWords(summary.issues)} Nothing was written. Correct the file and bring it again.
            </p>
          </div>
          <Link from={Route.fullPath} to="/s/$site/products/import" className={buttonClass('primary')}>
            Choose another file
          </Link>
        </div>
      ) : (
        <div>
          <p className="text-16 font-semibold">
            {productCount(refused.length)} {refused.length === 1 ? 'has' : 'have'} errors, so nothing is imported
          </p>
          <p className="mb-3 max-w-prose text-14 text-ink-soft">
            Correct the file and bring it again. Or leave out the products with errors, one by one or all, and import
            the rest.
          </p>
          <ul className="flex flex-col rounded-control ring-1 ring-line">
            {refused.length > 1 && (
              <li className="border-b border-line bg-ground px-3 py-2">
                <Checkbox
                  checked={allChosen}
                  mixed={leftOut.size > 0 && !allChosen}
                  onChange={(on) => keep({ leftOut: on ? refused.map((product) => product.handle) : [] })}
                  label={<span className="font-medium">Leave out all {productCount(refused.length)} with errors</span>}
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
                      Leave out <strong className="font-semibold break-all">{product.handle}</strong>
                      {product.first !== undefined && (
                        <span className="block text-13 text-ink-soft">
                          {product.first}
                          {product.errors > 1 && ` And ${product.errors - 1} more.`}
                        </span>
                      )}
                    </>
                  }
                />
              </li>
            ))}
          </ul>
          {refused.length > ISSUES_SHOWN && (
            <p className="mt-2 text-13 text-ink-soft">and {refused.length - ISSUES_SHOWN} more, in the report</p>
          )}
          <div className="mt-4 flex flex-wrap items-center justify-between gap-3">
            <p className="text-13 text-ink-soft" aria-live="polite">
              {leftOut.size === 0 ? 'Nothing is left out yet.' : `${leftOut.size} of ${refused.length} left out.`}
            </p>
            <div className="flex gap-2">
              <CancelImport data={data} size="regular" />
              <Button
                variant="primary"
                disabled={!allChosen || toImport === 0}
                onClick={() => apply.mutate({ importId: data.importId, excludedHandles: [...leftOut] })}
                busyLabel={apply.isPending && 'Beginning …'}
              >
                Import {productCount(toImport)}
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
    ['Products', summary.products],
    ['Variants', summary.variants],
    ['New', summary.newProducts],
    ['Changed', summary.changedProducts],
    ['The same', summary.sameProducts],
    ['Pictures', summary.pictures],
  ];
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-card bg-line ring-1 ring-line sm:grid-cols-3 lg:grid-cols-6">
      {figures.map(([label, value]) => (
        <div key={label} className="bg-surface px-4 py-3">
          <dt className="text-13 text-ink-soft">{label}</dt>
          <dd className="tabular text-20 font-semibold">{value.toLocaleString()}</dd>
        </div>
      ))}
    </dl>
  );
}

type Issue = Summary['issues'][number];

const ISSUE_COLUMNS: readonly Column<Issue>[] = [
  { key: 'severity', header: 'Kind', cell: (issue) => <Severity issue={issue} />, className: 'w-28 align-top py-2.5' },
  {
    key: 'row',
    header: 'Row',
    align: 'end',
    cell: (issue) => issue.row.toLocaleString(),
    className: 'w-16 align-top py-2.5',
  },
  {
    key: 'product',
    header: 'Product',
    cell: (issue) => <span className="break-all">{issue.handle ?? '–'}</span>,
    className: 'w-48 align-top py-2.5',
    from: 'md',
  },
  { key: 'column', header: 'Column', cell: (issue) => issue.column ?? '–', className: 'w-44 align-top py-2.5' },
  {
    key: 'words',
    header: 'What it is',
    cell: (issue) => <span className="break-words">{issue.message}</span>,
    className: 'align-top py-2.5',
  },
];

const Severity = ({ issue }: { readonly issue: Issue }) => (
  <StatusDot tone={issue.severity === 'error' ? 'danger' : 'warning'}>
    {issue.severity === 'error' ? 'Error' : 'Remark'}
  </StatusDot>
);

const IssueCard = ({ row: issue }: { readonly row: Issue }) => (
  <div className="px-4 py-3">
    <p className="flex items-baseline justify-between gap-3 text-13">
      <Severity issue={issue} />
      <span className="text-ink-soft">
        Row {issue.row}
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
      title="Errors and remarks"
      aside={`${summary.errors.toLocaleString()} ${summary.errors === 1 ? 'error' : 'errors'}, ${summary.warnings.toLocaleString()} ${summary.warnings === 1 ? 'remark' : 'remarks'}`}
      flush
    >
      <div className="border-t border-line">
        <DataList
          label="Errors and remarks"
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
              ? `${rest.toLocaleString()} more`
              : `${summary.issuesLeftOut.toLocaleString()} more are not listed`}
          </span>
          {rest > 0 && (
            <Button size="small" onClick={() => setShown((n) => n + ISSUES_SHOWN)}>
              Show more
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
    { title: 'Imported', tone: 'success', columns: of('taken') },
    { title: 'Known, but not imported', tone: 'neutral', columns: of('left') },
    { title: 'Unknown, not imported', tone: 'warning', columns: of('unknown') },
  ] as const;
  return (
    <Card title="Columns of the file">
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
                    <Badge tone={group.tone}>{column.name === '' ? '(no name)' : column.name}</Badge>
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
  new: { label: 'New', tone: 'accent' },
  changed: { label: 'Changed', tone: 'warning' },
  same: { label: 'The same', tone: 'neutral' },
} as const;
type SampleRow = Summary['sample'][number];

const SAMPLE_COLUMNS: readonly Column<SampleRow>[] = [
  { key: 'title', header: 'Product', cell: (row) => <span className="font-medium">{row.title}</span> },
  {
    key: 'change',
    header: 'What happens',
    cell: (row) => <StatusDot tone={CHANGES[row.change].tone}>{CHANGES[row.change].label}</StatusDot>,
  },
  { key: 'handle', header: 'Handle', cell: (row) => <span className="text-ink-soft">{row.handle}</span>, from: 'lg' },
  { key: 'variants', header: 'Variants', align: 'end', cell: (row) => row.variants },
  { key: 'price', header: 'Price', align: 'end', cell: (row) => <Price text={row.price} /> },
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
        {row.variants} {row.variants === 1 ? 'variant' : 'variants'} · <Price text={row.price} />
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
      title="Products in the file"
      aside={`${summary.sample.length < summary.products ? `the first ${summary.sample.length} of ` : ''}${summary.products.toLocaleString()}`}
      flush
    >
      <div className="border-t border-line">
        <DataList
          label="Products in the file"
          rows={rows}
          columns={SAMPLE_COLUMNS}
          rowKey={(row) => row.handle}
          card={SampleCard}
        />
      </div>
      {rows.length < summary.sample.length && (
        <div className="flex justify-end border-t border-line px-4 py-2.5">
          <Button size="small" onClick={() => setWhole(true)}>
            Show all {summary.sample.length}
          </Button>
        </div>
      )}
    </Card>
  );
}
