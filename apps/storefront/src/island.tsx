import { createElement } from 'react';
import { type IslandName, type IslandProps, ISLANDS } from './islands/registry.ts';

/**
 * A part of the page that moves: rendered here like the rest, found and taken over by `client.ts`.
 * Its props travel as JSON in an attribute, so there is no inline script to allow.
 */
export function Island<Name extends IslandName>({
  name,
  props,
}: {
  readonly name: Name;
  readonly props: IslandProps[Name];
}) {
  return (
    <div className={`island island-${name}`} data-island={name} data-props={JSON.stringify(props)}>
      {createElement<IslandProps[Name]>(ISLANDS[name], props)}
    </div>
  );
}
