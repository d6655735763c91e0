import { type ChildProcess } from 'node:child_process';
export declare const checkout: string;
export type Started = {
  readonly process: ChildProcess;
  readonly port: number;
  readonly output: () => string;
  /** Seconds from the call to "Ready". */
  readonly seconds: number;
  readonly password: string;
  ended(): Promise<void>;
};
/** `npm start` as a person would type it, with its own folder and port. Resolves when it says that it is ready. */
export declare function npmStart(
  home: string,
  {
    port,
    timeoutMs,
  }?: {
    port?: number;
    timeoutMs?: number;
  },
): Promise<Started>;
