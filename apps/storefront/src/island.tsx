import type { ComponentProps } from 'react';
import { type IslandName, ISLANDS } from './islands/registry.ts';

/**
 * A part of the page that moves: rendered here like the rest, found and taken over by `client.ts`.
 * Its props travel as JSON in an attribute, so there is no inline script to allow.
 */
export function Island<Name extends IslandName>({
  name,
  props,
}: {
  readonly name: Name;
  readonly props: ComponentProps<(typeof ISLANDS)[Name]>;
}) {
  const Component = ISLANDS[name] as (props: ComponentProps<(typeof ISLANDS)[Name]>) => React.ReactNode;
  return (
    <div className={`island island-${name}`} data-island={name} data-props={JSON.stringify(props)}>
      <Component {...props} />
    </div>
  );
}
