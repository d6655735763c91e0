import { isPassingFault } from '@souk/db';
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server';

/** Every refusal and what it is in HTTP's words. A refusal without a line here does not compile. */
// oxfmt-ignore
const REFUSALS = {
  not_signed_in:                'UNAUTHORIZED',
  wrong_email_or_password:      'UNAUTHORIZED',
  proof_needed:                 'PRECONDITION_REQUIRED',
  too_many_attempts:            'TOO_MANY_REQUESTS',
  too_many_invitations:         'TOO_MANY_REQUESTS',
  too_many_requests:            'TOO_MANY_REQUESTS',
  not_found:                    'NOT_FOUND',
  link_is_dead:                 'NOT_FOUND',
  permission_missing:           'FORBIDDEN',
  more_than_yours:              'FORBIDDEN',
  site_not_active:              'FORBIDDEN',
  not_for_support:              'FORBIDDEN',
  other_origin:                 'FORBIDDEN',
  wrong_content_type:           'UNSUPPORTED_MEDIA_TYPE',
  stale_version:                'CONFLICT',
  order_transition_not_allowed: 'CONFLICT',
  site_step_not_allowed:        'CONFLICT',
  idempotency_key_reused:       'CONFLICT',
  import_not_ready:             'CONFLICT',
  last_owner:                   'CONFLICT',
  last_operator:                'CONFLICT',
  role_in_use:                  'CONFLICT',
  key_is_over:                  'CONFLICT',
  already_member:               'CONFLICT',
  account_exists:               'CONFLICT',
  passkey_refused:              'UNAUTHORIZED',
  passkey_there:                'CONFLICT',
  second_factor_there:          'CONFLICT',
  second_factor_missing:        'CONFLICT',
  second_factor_required:       'FORBIDDEN',
  domain_not_active:            'CONFLICT',
  domain_stays:                 'CONFLICT',
  cart_empty:                   'CONFLICT',
  cart_changed:                 'CONFLICT',
  total_changed:                'CONFLICT',
  sold_out:                     'CONFLICT',
  share_is_held:                'CONFLICT',
  payment_not_offered:          'CONFLICT',
  wrong_field:                  'BAD_REQUEST',
  provider_unreachable:         'SERVICE_UNAVAILABLE',
  try_again:                    'SERVICE_UNAVAILABLE',
} as const satisfies Record<string, TRPC_ERROR_CODE_KEY>;

export type RefusalCode = keyof typeof REFUSALS;

/** A "no" with a stable code, words for the person, the field it is about, and facts to act on. */
export type Refusal = {
  readonly code: RefusalCode;
  readonly message: string;
  readonly field?: string | undefined;
  readonly fields?: Readonly<Record<string, string>> | undefined;
  readonly facts?: Readonly<Record<string, unknown>> | undefined;
};

/** Thrown at the edge only: it ends the transaction it is thrown in, so nothing is half done. */
export class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal, options?: ErrorOptions) {
    super(refusal.message, options);
    this.refusal = refusal;
  }
}

/** How soon to ask again after a 503, in seconds. */
export const RETRY_AFTER_SECONDS = 5;

/**
 * What is away, busy or full at this moment is no bug: whoever asked is told to try again (K02). The answer to a commit may
 * be what was lost, so it does not say that nothing was done.
 */
export const tryAgainAfter = (error: unknown): Refused | undefined =>
  isPassingFault(error)
    ? new Refused(
        {
          code: 'try_again',
          message:
            'We cannot answer at this moment. Wait a few seconds, look whether it was done, and if not, try it again.',
          facts: { retryAfterSeconds: RETRY_AFTER_SECONDS },
        },
        { cause: error },
      )
    : undefined;

/** In how many seconds it is worth trying again, where a refusal says so. */
export function retryAfterOf(refusal: Pick<Refusal, 'code' | 'facts'> | undefined): number | undefined {
  const seconds = refusal?.facts?.retryAfterSeconds;
  if (typeof seconds === 'number') return seconds;
  return refusal && REFUSALS[refusal.code] === 'SERVICE_UNAVAILABLE' ? RETRY_AFTER_SECONDS : undefined;
}

export const httpCodeOf = (code: RefusalCode): TRPC_ERROR_CODE_KEY => REFUSALS[code];

/** What is dangerous waits until whoever asks has proved anew who they are (I7). */
export const proofNeeded = (): Refused =>
  new Refused({ code: 'proof_needed', message: 'Confirm that it is you, then try again. Nothing was changed.' });

/** "As if absent": the same words for what does not exist and for what is not yours. */
export const notFound = (): Refused =>
  new Refused({
    code: 'not_found',
    message: 'There is nothing here. It may have been removed, or the address may be wrong.',
  });
