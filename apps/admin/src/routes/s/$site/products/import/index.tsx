import { i18n } from '../../../../../words.ts';
import {
  Button,
  Card,
  EmptyState,
  LoadingState,
  Notice,
  PageHeader,
  Progress,
  RelativeTime,
  Skeleton,
  StatusDot,
  classNames,
} from '@souk/ui/admin';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link, createFileRoute, useBlocker } from '@tanstack/react-router';
import { ArrowLeft, FileSpreadsheet } from 'lucide-react';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { IMPORT_STATUS_WORDS, isImportStatus } from '../../../../../import-words.ts';
import { productCount } from '../../../../../product-words.ts';
import { refusalOf } from '../../../../../refusal.ts';
import { sessionLost } from '../../../../../session.ts';
import { UploadCancelled, uploadProducts } from '../../../../../upload.ts';

export const Route = createFileRoute('/s/$site/products/import/')({
  loader: ({ context }) => context.queryClient.ensureQueryData(context.api.imports.list.queryOptions()),
  head: ({ match }) => ({ meta: [{ title: `${i18n.t('Import products')} · ${match.context.site?.name ?? ''}` }] }),
  pendingComponent: () => (
    <LoadingState label={i18n.t('Imports are being loaded')}>
      <Skeleton className="mb-5 h-7 w-48" />
      <Skeleton className="h-56 rounded-card" />
    </LoadingState>
  ),
  component: ImportStart,
});

function ImportStart() {
  const { site } = Route.useRouteContext();
  return (
    <>
      <Link
        from={Route.fullPath}
        to="/s/$site/products"
        className="mb-2 inline-flex h-8 items-center gap-1.5 text-13 text-ink-soft hover:text-ink touch:h-11"
      >
        <ArrowLeft size={14} aria-hidden /> {i18n.t('Products')}
      </Link>
      <PageHeader title={i18n.t('Import products')}>
        {i18n.t('From the CSV file that your present shop exports, into {siteName}.', { siteName: site.name })}
      </PageHeader>
      <div className="flex flex-col gap-4">
        <Drop />
        <Earlier />
      </div>
    </>
  );
}

type Upload = { readonly name: string; readonly share: number };

function Drop() {
  const { api, site } = Route.useRouteContext();
  const navigate = Route.useNavigate();
  const queries = useQueryClient();
  const [upload, setUpload] = useState<Upload>();
  const [problem, setProblem] = useState<string>();
  const [isOver, setOver] = useState(false);
  const stop = useRef<AbortController | undefined>(undefined);
  const picker = useRef<HTMLInputElement>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const isSending = useRef(false);
  useBlocker({
    shouldBlockFn: () =>
      isSending.current && !window.confirm(i18n.t('The file is still being sent. Leave and stop it?')),
    enableBeforeUnload: () => isSending.current,
  });

  const begin = async (files: FileList | null): Promise<void> => {
    const [file, second] = files ?? [];
    setProblem(undefined);
    if (!file) return;
    if (second) return setProblem(i18n.t('Choose one file at a time.'));
    if (file.size === 0) return setProblem(i18n.t('“{fileName}” is empty.', { fileName: file.name }));
    const aborter = new AbortController();
    stop.current = aborter;
    setUpload({ name: file.name, share: 0 });
    isSending.current = true;
    try {
      const importId = await uploadProducts(
        site.handle,
        file,
        (share) => setUpload({ name: file.name, share }),
        aborter.signal,
      );
      isSending.current = false;
      await queries.invalidateQueries(api.imports.list.pathFilter());
      await navigate({ to: '/s/$site/products/import/$importId', params: { site: site.handle, importId } });
    } catch (error) {
      isSending.current = false;
      if (refusalOf(error)?.code === 'not_signed_in') sessionLost();
      if (!(error instanceof UploadCancelled))
        setProblem(error instanceof Error ? error.message : i18n.t('The file could not be sent.'));
      setUpload(undefined);
    }
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void begin(event.dataTransfer.files);
  };

  return (
    <div className="flex flex-col gap-3">
      {problem !== undefined && (
        <Notice tone="danger" title={i18n.t('The file was not taken in')}>
          {problem}
        </Notice>
      )}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
        className={classNames(
          'rounded-card border-2 border-dashed px-6 py-10 text-center transition-colors',
          isOver ? 'border-accent bg-accent-soft' : 'border-line-control/60 bg-surface',
        )}
      >
        {upload ? (
          <div className="mx-auto max-w-md text-start">
            <Progress label={i18n.t('Sending {uploadName}', { uploadName: upload.name })} value={upload.share * 100} />
            <div className="mt-4 flex justify-end">
              <Button size="small" onClick={() => stop.current?.abort()}>
                {i18n.t('Cancel')}
              </Button>
            </div>
          </div>
        ) : (
          <>
            <FileSpreadsheet size={28} aria-hidden className="mx-auto mb-3 text-ink-faint" />
            <p className="text-16 font-semibold">{i18n.t('Drop your product file here')}</p>
            <p className="mx-auto mt-1 mb-5 max-w-md text-14 text-pretty text-ink-soft">
              {i18n.t(
                'A CSV file up to 200 MB, as Shopify and shops like it export it. You see everything that would happen before anything is written.',
              )}
            </p>
            <Button variant="primary" onClick={() => picker.current?.click()}>
              {i18n.t('Choose a file')}
            </Button>
            <input
              ref={picker}
              type="file"
              accept=".csv,text/csv"
              aria-label={i18n.t('Product file')}
              className="sr-only"
              tabIndex={-1}
              onChange={(event) => {
                void begin(event.target.files);
                event.target.value = '';
              }}
            />
          </>
        )}
      </div>
    </div>
  );
}

function Earlier() {
  const { api } = Route.useRouteContext();
  const { data } = useSuspenseQuery(api.imports.list.queryOptions());
  return (
    <Card title={i18n.t('Earlier imports')} flush>
      {data.length === 0 ? (
        <EmptyState title={i18n.t('Nothing has been imported yet')}>
          {i18n.t('What you import is listed here, with its report.')}
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line border-t border-line">
          {data.map((item) => {
            const words = isImportStatus(item.status)
              ? IMPORT_STATUS_WORDS[item.status]
              : { label: item.status, tone: 'neutral' as const };
            return (
              <li
                key={item.importId}
                className="relative flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2 text-14 hover:bg-hover"
                data-row=""
              >
                <Link
                  from={Route.fullPath}
                  to="/s/$site/products/import/$importId"
                  params={{ importId: item.importId }}
                  data-row-link
                  className="min-w-0 flex-1 basis-1/2 truncate font-medium after:absolute after:inset-0"
                >
                  {item.fileName}
                </Link>
                <StatusDot tone={words.tone}>{words.label}</StatusDot>
                <span className="tabular text-ink-soft max-sm:order-last max-sm:text-13 sm:w-28 sm:text-end">
                  {productCount(item.products)}
                </span>
                <span className="text-13 text-ink-soft max-sm:order-last sm:w-28 sm:text-end">
                  <RelativeTime at={item.createdAt} focusable={false} />
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}
