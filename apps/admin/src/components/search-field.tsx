import { i18n } from '../words.ts';
import { inputClass } from '@souk/ui/admin';
import { Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

/** Milliseconds after the last key before the list follows. */
const PAUSE_MS = 200;

/** A list's search line. The address follows what is typed after a moment; the address wins when it changes by itself. */
export function SearchField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  const input = useRef<HTMLInputElement>(null);
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  useEffect(() => {
    if (value !== sent.current) {
      sent.current = value;
      setTyped(value);
    }
  }, [value]);
  useEffect(() => {
    if (typed.trim() === sent.current) return undefined;
    const timer = setTimeout(() => {
      sent.current = typed.trim();
      latest.current(typed.trim());
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <div className="relative w-full sm:w-72">
      <Search
        size={15}
        aria-hidden
        className="pointer-events-none absolute top-1/2 inset-s-3 -translate-y-1/2 text-ink-faint"
      />
      <input
        ref={input}
        data-list-search
        type="search"
        aria-label={label}
        placeholder={label}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          if (typed === '') input.current?.blur();
          else setTyped('');
        }}
        className={`${inputClass} pe-8 ps-9 [&::-webkit-search-cancel-button]:hidden`}
      />
      {typed !== '' && (
        <button
          type="button"
          aria-label={i18n.t('Clear the search')}
          onClick={() => {
            setTyped('');
            input.current?.focus();
          }}
          className="absolute top-1/2 inset-e-1 flex size-7 -translate-y-1/2 items-center justify-center rounded-control text-ink-faint hover:text-ink"
        >
          <X size={14} aria-hidden />
        </button>
      )}
    </div>
  );
}
