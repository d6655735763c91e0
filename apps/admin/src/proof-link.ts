import type { AdminRouter } from '@souk/api/admin-router';
import type { TRPCClientError, TRPCLink } from '@trpc/client';
import { type Unsubscribable, observable } from '@trpc/server/observable';
import { askForProof } from './proof.ts';
import { refusalOf } from './refusal.ts';

/** Whether somebody is known to be signed in at this page. */
let isKnown = false;

/** How soon a call is repeated whose session may only have got another token meanwhile, in milliseconds. */
const AGAIN_MS = 200;

const pause = (): Promise<boolean> => new Promise((done) => setTimeout(() => done(true), AGAIN_MS));

/** What has to happen before a refused call is worth repeating; undefined when nothing helps. False: not to be repeated. */
function remedyOf(error: TRPCClientError<AdminRouter>, isRepeated: boolean): (() => Promise<boolean>) | undefined {
  const code = refusalOf(error)?.code;
  if (code === 'proof_needed') return askForProof;
  // A proof in another tab gives the session a new token: what was on its way with the old one is sent once more.
  if (code === 'not_signed_in' && isKnown && !isRepeated) return pause;
  return undefined;
}

/** Repeats a call that was refused until somebody confirms that it is them, as soon as they have: nothing typed is lost. */
export const proofLink: TRPCLink<AdminRouter> =
  () =>
  ({ op, next }) =>
    observable((observer) => {
      let current: Unsubscribable | undefined;
      let isOver = false;
      const send = (isRepeated: boolean): void => {
        current = next(op).subscribe({
          next: (value) => {
            if (op.path === 'account.me') isKnown = true;
            observer.next(value);
          },
          complete: () => observer.complete(),
          error: (error) => {
            const remedy = remedyOf(error, isRepeated);
            if (!remedy) return observer.error(error);
            void remedy().then((isWorthIt) => {
              if (isOver) return;
              if (isWorthIt) send(true);
              else observer.error(error);
            });
          },
        });
      };
      send(false);
      return () => {
        isOver = true;
        current?.unsubscribe();
      };
    });
