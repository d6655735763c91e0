import { i18n } from '../../words.ts';
import { Card, RelativeTime } from '@souk/ui/admin';
import { useSuspenseInfiniteQuery } from '@tanstack/react-query';
import { accountActionWords, whereWords } from '../../account-words.ts';
import type { Api } from '../../api.ts';
import { keysetPages } from '../../components/keyset-pages.ts';
import { ListEnd } from '../../components/list-parts.tsx';

const LIMIT = 10;

export const historyPages = (api: Api) =>
  keysetPages(api.account.history.queryKey({ limit: LIMIT }), undefined, (after, signal) =>
    api.client.account.history.query({ limit: LIMIT, ...after }, { signal }),
  );

/** What happened to one's account; it can be read and not changed. */
export function AccountHistory({ api }: { readonly api: Api }) {
  const { data, fetchNextPage, hasNextPage, isFetchingNextPage } = useSuspenseInfiniteQuery(historyPages(api));
  const rows = data.pages.flatMap((page) => page.rows);
  return (
    <Card title={i18n.t('What happened to your account')} flush>
      <ul aria-label={i18n.t('What happened to your account')} className="divide-y divide-line border-t border-line">
        {rows.map((row) => (
          <li key={row.actionId} className="flex items-baseline gap-x-4 px-4 py-2 text-14">
            <p className="min-w-0 flex-1">
              {accountActionWords(row.action)}
              {row.device !== '' && (
                <span className="text-ink-soft">
                  {' '}
                  {i18n.t('with {device}', { device: [row.device, whereWords(row)].filter(Boolean).join(', ') })}
                </span>
              )}
            </p>
            <RelativeTime at={row.timestamp} className="text-13 text-ink-soft" />
          </li>
        ))}
      </ul>
      <ListEnd
        shown={rows.length}
        counted={(n) => i18n.t('{n, plural, one {# entry} other {# entries}}', { n })}
        hasMore={hasNextPage}
        isLoading={isFetchingNextPage}
        onMore={() => void fetchNextPage()}
      />
    </Card>
  );
}
