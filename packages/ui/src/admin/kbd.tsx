/** A key to press. */
export const Kbd = ({ children }: { readonly children: string }) => (
  <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded-small bg-pressed/70 px-1.5 font-sans text-12 font-medium text-ink-soft">
    {children}
  </kbd>
);
