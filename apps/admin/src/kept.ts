import { useState } from 'react';

const PREFIX = 'souk.kept.';

/** Forgets everything kept, so that the next person at this computer does not find it. */
export function forgetKept(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}

function read<Value extends object>(key: string, initial: Value): Value {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(PREFIX + key) ?? 'null');
    return typeof found === 'object' && found !== null ? { ...initial, ...found } : initial;
  } catch {
    return initial;
  }
}

/** State that outlives a closed tab or a lost session; cleared by whoever has used it. */
export function useKept<Value extends object>(
  key: string,
  initial: Value,
): readonly [Value, (change: Partial<Value>) => void, () => void] {
  const [value, setValue] = useState(() => read(key, initial));
  const change = (part: Partial<Value>): void => {
    const next = { ...value, ...part };
    setValue(next);
    try {
      localStorage.setItem(PREFIX + key, JSON.stringify(next));
    } catch {
      // Full or forbidden storage: it lives as long as the page.
    }
  };
  const clear = (): void => {
    setValue(initial);
    localStorage.removeItem(PREFIX + key);
  };
  return [value, change, clear];
}
