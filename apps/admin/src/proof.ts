import { useSyncExternalStore } from 'react';

/** Calls that wait until whoever makes them has shown that it is them. They are told together. */
let waiting: ((isProved: boolean) => void)[] = [];
const listeners = new Set<() => void>();
const tell = (): void => listeners.forEach((listener) => listener());

/** Asks whoever is here to confirm that it is them; false when they would rather not. One question for all that wait. */
export function askForProof(): Promise<boolean> {
  const answer = new Promise<boolean>((resolve) => waiting.push(resolve));
  tell();
  return answer;
}

/** Answers everything that waits. */
export function proofEnds(isProved: boolean): void {
  const answered = waiting;
  waiting = [];
  answered.forEach((resolve) => resolve(isProved));
  tell();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useProofWanted = (): boolean => useSyncExternalStore(subscribe, () => waiting.length > 0);
