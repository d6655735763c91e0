import { inOwnWords } from './refusal-words.ts';
import { i18n } from './words.ts';
import type { AdminRouter } from '@souk/api/admin-router';
import type { Refusal } from '@souk/api/trpc/refusals';
import { TRPCClientError } from '@trpc/client';

const isApiError = (error: unknown): error is TRPCClientError<AdminRouter> => error instanceof TRPCClientError;

/** A refusal of an upload, which does not come by way of tRPC. */
export class UploadRefused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** A "no" of the device or the browser, in words for whoever sits there. */
export class DeviceRefused extends Error {}

const inReadersWords = ({ message, fields, ...refusal }: Refusal): Refusal => ({
  ...refusal,
  message: inOwnWords(message),
  ...(fields
    ? { fields: Object.fromEntries(Object.entries(fields).map(([name, said]) => [name, inOwnWords(said)])) }
    : {}),
});

/** The API's "no" inside an error: a stable code and words for the person. Undefined when something broke instead. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof UploadRefused) return inReadersWords(error.refusal);
  const refusal = isApiError(error) ? error.data?.refusal : undefined;
  return refusal && inReadersWords(refusal);
}

/** Whether an error is told by something else on the page already: a lost session by its dialog, a moved order by what moved. */
export const isToldElsewhere = (error: unknown): boolean =>
  ['not_signed_in', 'stale_version'].includes(refusalOf(error)?.code ?? '');

/** True when the server could not be reached at all. */
export const isUnreachable = (error: unknown): boolean =>
  isApiError(error) && error.data === undefined && error.shape === undefined;

/** The request's id in the server's log, to be quoted when asking for help. */
export function referenceOf(error: unknown): string | undefined {
  if (!isApiError(error)) return undefined;
  const response = error.meta?.['response'];
  return response instanceof Response ? (response.headers.get('X-Request-Id') ?? undefined) : undefined;
}

/** What to tell the person about an error, in one or two sentences. */
export function wordsOf(error: unknown): string {
  const refusal = refusalOf(error);
  if (refusal) return refusal.message;
  if (error instanceof DeviceRefused) return error.message;
  if (isUnreachable(error))
    return i18n.t('The server cannot be reached. Check your connection and try again; nothing you typed is lost.');
  return i18n.t(
    'The fault is on our side, and nothing was changed. Try again; if it happens again, quote the reference when you ask for help.',
  );
}
