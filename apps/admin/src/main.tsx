import './styles.css';
import { I18nProvider } from '@lingui/react';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider, createRouter } from '@tanstack/react-router';
import { UiProvider } from '@souk/ui/admin';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { apiOf, queryClient } from './api.ts';
import { directionOf, languageNow } from './language.ts';
import { i18n } from './words.ts';
import { NotFound, RouteError } from './components/route-states.tsx';
import { routeTree } from './routeTree.gen.ts';

const router = createRouter({
  routeTree,
  context: { queryClient, account: apiOf(undefined) },
  // Rows open at once because they were fetched when the pointer came near.
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 150,
  defaultPendingMinMs: 200,
  defaultErrorComponent: RouteError,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

const app = document.getElementById('app');
if (!app) throw new Error('the page has no place for the app');
createRoot(app).render(
  <StrictMode>
    <UiProvider direction={directionOf(languageNow())}>
      <I18nProvider i18n={i18n}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </I18nProvider>
    </UiProvider>
  </StrictMode>,
);
