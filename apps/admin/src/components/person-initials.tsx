import { firstLetters } from './first-letters.ts';

/** A person as two letters in a circle; their name stands beside it. */
export const PersonInitials = ({ name }: { readonly name: string }) => (
  <span
    aria-hidden
    data-letters={firstLetters(name, 2)}
    className="flex size-7 shrink-0 items-center justify-center rounded-full bg-accent-soft text-12 font-semibold text-accent before:content-[attr(data-letters)]"
  />
);
