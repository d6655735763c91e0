import type { AdminRouter } from '@souk/api/admin-router';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { type TRPCClient, createTRPCClient, httpBatchLink, httpLink, splitLink } from '@trpc/client';
import { createTRPCOptionsProxy, type TRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { proofLink } from './proof-link.ts';
import { refusalOf } from './refusal.ts';
import { sessionLost } from './session.ts';

type Options = TRPCOptionsProxy<AdminRouter, { keyPrefix: true }>;

/** A site's API: each procedure makes options for TanStack Query; `client` calls at once. */
export type Api = Pick<
  Options,
  | 'setUp'
  | 'operator'
  | 'invitation'
  | 'team'
  | 'support'
  | 'roles'
  | 'keys'
  | 'domains'
  | 'passwordReset'
  | 'emailChange'
  | 'secondFactor'
  | 'passkeys'
  | 'account'
  | 'site'
  | 'dashboard'
  | 'products'
  | 'imports'
  | 'orders'
  | 'activity'
> & {
  readonly client: TRPCClient<AdminRouter>;
};

const noticeLostSession = (error: unknown): void => {
  if (refusalOf(error)?.code === 'not_signed_in') sessionLost();
};

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeLostSession }),
  mutationCache: new MutationCache({ onError: noticeLostSession }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) => refusalOf(error) === undefined && failures < 2,
      retryDelay: (failures) => 400 * 2 ** failures,
    },
    mutations: { retry: false },
  },
});

const apis = new Map<string, Api>();

/** The API as seen from one site; without a handle, the account's own part. Each has a cache of its own by its key. */
export function apiOf(handle: string | undefined): Api {
  const name = handle ?? '';
  const known = apis.get(name);
  if (known) return known;
  const options = {
    url: '/trpc',
    // Where somebody signs in is told by their clock: they know it again among the places where they are signed in.
    headers:
      handle === undefined
        ? { 'x-souk-time-zone': new Intl.DateTimeFormat().resolvedOptions().timeZone }
        : { 'x-souk-site': handle },
  };
  const client = createTRPCClient<AdminRouter>({
    // What changes something goes alone; what asks goes together.
    links: [
      proofLink,
      splitLink({
        condition: (op) => op.type === 'mutation',
        true: httpLink(options),
        false: httpBatchLink({ ...options, maxItems: 20, maxURLLength: 6000 }),
      }),
    ],
  });
  const proxy = createTRPCOptionsProxy<AdminRouter, { keyPrefix: true }>({
    client,
    queryClient,
    keyPrefix: `site:${name}`,
  });
  // What is called without a query's options, page after page, goes by the client itself.
  const api: Api = {
    passwordReset: proxy.passwordReset,
    emailChange: proxy.emailChange,
    secondFactor: proxy.secondFactor,
    passkeys: proxy.passkeys,
    setUp: proxy.setUp,
    operator: proxy.operator,
    invitation: proxy.invitation,
    team: proxy.team,
    support: proxy.support,
    roles: proxy.roles,
    keys: proxy.keys,
    domains: proxy.domains,
    account: proxy.account,
    site: proxy.site,
    dashboard: proxy.dashboard,
    products: proxy.products,
    imports: proxy.imports,
    orders: proxy.orders,
    activity: proxy.activity,
    client,
  };
  apis.set(name, api);
  return api;
}
