/** Where an incoming notice stands; derived from its processing attempts, never stored beside them. */
export type NoticeStatus = 'verified' | 'processed' | 'ignored' | 'failed' | 'dead';

/** Attempts after which a notice waits for a person. */
export const MAX_NOTICE_ATTEMPTS = 8;

export function noticeStatus(attempts: readonly ('processed' | 'ignored' | 'failed')[]): NoticeStatus {
  const last = attempts.at(-1);
  if (last === undefined) return 'verified';
  return last === 'failed' && attempts.length >= MAX_NOTICE_ATTEMPTS ? 'dead' : last;
}

export type EmailStatus =
  | 'queued'
  | 'sending'
  | 'accepted'
  | 'bounced'
  | 'complained'
  | 'suppressed'
  | 'cancelled'
  | 'dead';

/** Minutes to wait before each further attempt to send a mail; after the last one it is dead until a person retries. */
export const EMAIL_RETRY_MINUTES: readonly number[] = [1, 5, 15, 60, 4 * 60, 12 * 60];
