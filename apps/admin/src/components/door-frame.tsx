import type { ReactNode } from 'react';
import { Mark } from './mark.tsx';

/** The frame of what happens before one is inside: one card in the middle, with what it is about above. */
export const DoorFrame = ({
  title,
  words,
  below,
  children,
}: {
  readonly title: ReactNode;
  readonly words?: ReactNode;
  readonly below?: ReactNode;
  readonly children: ReactNode;
}) => (
  <main className="flex min-h-dvh flex-col items-center justify-center px-4 py-10">
    <div className="w-full max-w-sm">
      <div className="mb-6 flex flex-col items-center gap-3 text-center">
        <Mark size={40} />
        <h1 className="text-20 font-semibold tracking-tight text-balance">{title}</h1>
        {words !== undefined && <p className="text-14 text-pretty text-ink-soft">{words}</p>}
      </div>
      <div className="rounded-dialog bg-surface p-6 shadow-card ring-1 ring-line">{children}</div>
      {below !== undefined && <div className="mt-5 text-center text-13 text-pretty text-ink-soft">{below}</div>}
    </div>
  </main>
);
