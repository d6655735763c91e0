import type { QueryClient } from '@tanstack/react-query';
import { type ParsedLocation, redirect } from '@tanstack/react-router';
import type { Api } from '../api.ts';
import { showLanguage } from '../language.ts';
import { refusalOf } from '../refusal.ts';
import { sessionFound } from '../session.ts';

/** Who is signed in; somebody who is not goes to sign in and comes back to where they wanted to be. */
export async function requireAccount(
  context: { readonly queryClient: QueryClient; readonly account: Api },
  location: ParsedLocation,
) {
  const options = context.account.account.me.queryOptions();
  try {
    // Whoever has been known stays so: when their session ends, they sign in on top of the page.
    const me = await context.queryClient.ensureQueryData({ ...options, revalidateIfStale: true });
    // What was chosen for the account holds at every browser: the page begins anew in it.
    if (me.language !== undefined && showLanguage(me.language)) await new Promise(() => undefined);
    return me;
  } catch (error) {
    if (refusalOf(error)?.code !== 'not_signed_in') throw error;
    sessionFound();
    throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } });
  }
}
