import { i18n } from '../words.ts';
import { Button, ErrorState, EmptyState, RefusedState, buttonClass } from '@souk/ui/admin';
import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { useEffect } from 'react';
import { isUnreachable, referenceOf, refusalOf, wordsOf } from '../refusal.ts';

/** What a page shows when what it needs could not be had: refused, absent or broken. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const { reset: forget } = useQueryErrorResetBoundary();
  useEffect(() => forget(), [forget]);
  const refusal = refusalOf(error);
  const retry = (
    <Button
      variant="primary"
      onClick={() => {
        reset();
        void router.invalidate();
      }}
    >
      {i18n.t('Try again')}
    </Button>
  );
  if (refusal?.code === 'permission_missing')
    return (
      <RefusedState isPage title={i18n.t('This is not open to you')}>
        {refusal.message}
      </RefusedState>
    );
  if (refusal?.code === 'second_factor_required')
    return (
      <RefusedState
        isPage
        title={i18n.t('Set up your second factor')}
        action={
          <Link to="/account" className={buttonClass('primary')}>
            {i18n.t('Go to your account')}
          </Link>
        }
      >
        {refusal.message}
      </RefusedState>
    );
  if (refusal?.code === 'not_found') return <NotFound />;
  if (refusal?.code === 'not_signed_in')
    return (
      <RefusedState isPage title={i18n.t('Your session has ended')}>
        {i18n.t('Sign in again to go on from here.')}
      </RefusedState>
    );
  if (refusal)
    return (
      <ErrorState isPage title={i18n.t('This cannot be shown')} action={retry}>
        {refusal.message}
      </ErrorState>
    );
  return (
    <ErrorState
      isPage
      title={isUnreachable(error) ? i18n.t('The server cannot be reached') : i18n.t('Something went wrong')}
      action={retry}
      reference={referenceOf(error)}
    >
      {isUnreachable(error)
        ? i18n.t('Check your connection. This page comes back by itself; nothing you typed is lost.')
        : wordsOf(error)}
    </ErrorState>
  );
}

/** Nothing at this address. */
export const NotFound = () => (
  <EmptyState
    isPage
    icon={<Compass size={20} aria-hidden />}
    title={i18n.t('There is nothing here')}
    action={
      <Link to="/" className={buttonClass('secondary')}>
        {i18n.t('Go to your sites')}
      </Link>
    }
  >
    {i18n.t('It may have been removed, or the address may be wrong.')}
  </EmptyState>
);

/** The same where there is no frame around it. */
export const BareError = (props: ErrorComponentProps) => (
  <main className="flex min-h-dvh flex-col justify-center">
    <RouteError {...props} />
  </main>
);

export const BareNotFound = () => (
  <main className="flex min-h-dvh flex-col justify-center">
    <NotFound />
  </main>
);
