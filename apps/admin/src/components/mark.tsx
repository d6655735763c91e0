/** Souk's mark: an arch, as over a market's street. */
export const Mark = ({ size = 28 }: { readonly size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden className="shrink-0">
    <rect width="32" height="32" rx="8" className="fill-accent-fill" />
    <path d="M8 24V15a8 8 0 0 1 16 0v9h-4.5v-8.5a3.5 3.5 0 0 0-7 0V24z" className="fill-on-fill" />
  </svg>
);
