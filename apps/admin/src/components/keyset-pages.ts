import { infiniteQueryOptions } from '@tanstack/react-query';

/**
 * Pages of a list that is read by key.
 * @param first the id the first page starts after; undefined for the newest.
 */
export const keysetPages = <Page extends { readonly next?: string | undefined }>(
  queryKey: readonly unknown[],
  first: string | undefined,
  load: (after: { readonly after?: string }, signal: AbortSignal) => Promise<Page>,
) =>
  infiniteQueryOptions({
    queryKey: [...queryKey, 'pages', first ?? 'newest'],
    initialPageParam: first,
    queryFn: ({ pageParam, signal }) => load(pageParam === undefined ? {} : { after: pageParam }, signal),
    getNextPageParam: (page: Page) => page.next,
  });
