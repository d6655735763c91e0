import { i18n } from '../words.ts';
import { Notice, formatExact, useReader } from '@souk/ui/admin';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type Api, queryClient } from '../api.ts';

/** On every page of a site as long as support may be in it: who, why, and until when. */
export function SupportNotice({ api, siteName }: { readonly api: Api; readonly siteName: string }) {
  const { data } = useQuery(api.site.get.queryOptions(undefined, { staleTime: 60_000 }));
  const { timeZone, dateLocale } = useReader();
  const open = data?.support ?? [];
  const next = open.map(({ until }) => new Date(until).getTime()).toSorted((a, b) => a - b)[0];
  useEffect(() => {
    if (next === undefined) return undefined;
    // It goes when the time is over, whether or not anything else happens.
    const timer = setTimeout(
      () => void queryClient.invalidateQueries(api.site.pathFilter()),
      Math.max(1_000, next - Date.now() + 500),
    );
    return () => clearTimeout(timer);
  }, [api, next]);
  if (open.length === 0) return null;
  return (
    <div className="mx-auto flex max-w-[76rem] flex-col gap-2 px-3 pt-3 sm:px-6 lg:px-8">
      {open.map((access) => {
        const until = formatExact(new Date(access.until), timeZone, dateLocale);
        return (
          <Notice
            key={access.supportId}
            tone="accent"
            title={
              access.isYou
                ? i18n.t('You are in {siteName} as support, until {until}', { siteName, until })
                : i18n.t('Support may be in {siteName} until {until}', { siteName, until })
            }
          >
            {access.isYou
              ? i18n.t(
                  '{opener} has let you in: “{reason}”. Everybody who works here sees this, and what you do stands in the activity, marked as support.',
                  { opener: access.openedBy, reason: access.reason },
                )
              : i18n.t(
                  '{opener} has let {name} in: “{reason}”. What they do stands in the activity, marked as support.',
                  { opener: access.openedBy, name: access.name, reason: access.reason },
                )}
          </Notice>
        );
      })}
    </div>
  );
}
