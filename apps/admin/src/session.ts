import { useSyncExternalStore } from 'react';

let lost = false;
const listeners = new Set<() => void>();

const set = (next: boolean): void => {
  if (lost === next) return;
  lost = next;
  listeners.forEach((listener) => listener());
};

/** Called when the API no longer knows who this is. The page stays as it is; signing in happens on top of it. */
export const sessionLost = (): void => set(true);
export const sessionFound = (): void => set(false);

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useSessionLost = (): boolean => useSyncExternalStore(subscribe, () => lost);
