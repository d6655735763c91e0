/** One field of something that two people have changed at once. */
export type Difference<Name extends string, Value> = {
  readonly name: Name;
  readonly yours: Value;
  readonly theirs: Value;
  /** Whose it is where only one of them has changed it; undefined where both have, each to something else. */
  readonly changedBy: 'you' | 'them' | undefined;
};

/**
 * The fields in which what somebody has typed differs from what stands there now. `base` is what they began from: it tells
 * who changed what.
 */
export function differences<Fields extends object>(
  base: Fields,
  yours: Fields,
  theirs: Fields,
): Difference<keyof Fields & string, Fields[keyof Fields & string]>[] {
  return (Object.keys(yours) as (keyof Fields & string)[])
    .filter((name) => yours[name] !== theirs[name])
    .map((name) => ({
      name,
      yours: yours[name],
      theirs: theirs[name],
      changedBy: theirs[name] === base[name] ? 'you' : yours[name] === base[name] ? 'them' : undefined,
    }));
}

export type Choice = 'yours' | 'theirs';

/** Where only one has changed a field, that one's is meant. Where both have, somebody has to say so. */
export const firstChoices = <Name extends string>(
  found: readonly Pick<Difference<Name, unknown>, 'name' | 'changedBy'>[],
): Readonly<Partial<Record<Name, Choice>>> =>
  Object.fromEntries(
    found.flatMap(({ name, changedBy }) => (changedBy ? [[name, changedBy === 'you' ? 'yours' : 'theirs']] : [])),
  ) as Partial<Record<Name, Choice>>;

/** What stands there now, with the fields of one's own that were chosen. */
export const merged = <Fields extends object>(
  yours: Fields,
  theirs: Fields,
  choices: Readonly<Partial<Record<keyof Fields & string, Choice>>>,
): Fields => ({
  ...theirs,
  ...Object.fromEntries(
    (Object.keys(yours) as (keyof Fields & string)[])
      .filter((name) => choices[name] === 'yours')
      .map((name) => [name, yours[name]]),
  ),
});
