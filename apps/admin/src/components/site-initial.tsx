import { classNames } from '@souk/ui/admin';
import { firstLetters } from './first-letters.ts';

/** A site's first letter, to tell sites apart at a glance; a picture, not a text. */
export const SiteInitial = ({ name, large = false }: { readonly name: string; readonly large?: boolean }) => (
  <span
    aria-hidden
    data-letter={firstLetters(name, 1)}
    className={classNames(
      'before:content-[attr(data-letter)] flex shrink-0 items-center justify-center rounded-control bg-ink font-semibold text-ink-inverse',
      large ? 'size-11 text-20' : 'size-7 text-14',
    )}
  />
);
