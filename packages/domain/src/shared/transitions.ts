/** Who set a transition off. There is deliberately no word for a machine that advises. */
export type TriggeredBy = 'system' | 'admin' | 'webhook' | 'customer' | 'channel' | 'scheduler';

/** One named step of a lifecycle: from any of these states to that one, by any of these. */
export type Transition<Status extends string> = {
  readonly from: readonly Status[];
  readonly to: Status;
  readonly by: readonly TriggeredBy[];
};

export type TransitionTable<Status extends string> = Readonly<Record<string, Transition<Status>>>;

/** Every allowed (from, to, by), once: the rows of the database's table of allowed transitions. */
export function allowedSteps<Status extends string>(
  table: TransitionTable<Status>,
): { from: Status; to: Status; by: TriggeredBy }[] {
  const seen = new Map<string, { from: Status; to: Status; by: TriggeredBy }>();
  for (const { from, to, by } of Object.values(table)) {
    for (const start of from) for (const who of by) seen.set(`${start} ${to} ${who}`, { from: start, to, by: who });
  }
  return [...seen.values()];
}

/** The names of the transitions this person or process may make from this state; buttons are drawn from it. */
export function transitionsFrom<Status extends string, Table extends TransitionTable<Status>>(
  table: Table,
  status: Status,
  by: TriggeredBy,
): (keyof Table & string)[] {
  return Object.entries(table)
    .filter(([, step]) => step.from.includes(status) && step.by.includes(by))
    .map(([name]) => name);
}

/** Whether the step may be made now by this one. */
export const allows = <Status extends string>(step: Transition<Status>, from: Status, by: TriggeredBy): boolean =>
  step.from.includes(from) && step.by.includes(by);
