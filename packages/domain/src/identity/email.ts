import { type Brand, type Result, ok, refuse } from '../shared/index.ts';

/** An e-mail address in the form it is compared in: trimmed, NFKC, lower case. Nothing invisible tells two of them apart (L03). */
export type EmailAddress = Brand<string, 'EmailAddress'>;

/** Plain enough to catch typing mistakes; whether a mailbox exists only a mail can tell. */
export function emailAddress(text: string): Result<EmailAddress, 'not_an_email'> {
  const folded = text.normalize('NFKC').trim().toLowerCase();
  // Nothing invisible or unpaired (\p{DI}, \p{Cs}), no controls and no separators that a mail header could be broken with.
  const shape =
    /^[^\s\p{Cc}\p{Cs}\p{DI}@,;:<>()[\]\\"]+@[^\s\p{Cc}\p{Cs}\p{DI}@,;:<>()[\]\\"]+\.[^\s\p{Cc}\p{Cs}\p{DI}@.,;:<>()[\]\\"]{2,}$/u;
  return folded.length <= 254 && shape.test(folded) ? ok(folded as EmailAddress) : refuse('not_an_email');
}
