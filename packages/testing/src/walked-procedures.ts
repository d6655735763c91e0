import { adminRouter } from '@souk/api/admin-router';
import { serviceRouter } from '@souk/api/service-router';
import { storefrontRouter } from '@souk/api/storefront-router';
import type { Access, Meta } from '@souk/api/trpc/procedures';
import type { Schema } from './schema-walk.ts';

/** A procedure as its router holds it. */
export type WalkedProcedure = {
  /** Audience and path, as the access matrix names it. */
  readonly name: string;
  readonly path: string;
  readonly type: 'query' | 'mutation';
  readonly access: Access;
  /** Whether it is refused as one of several in a request. */
  readonly alone: boolean;
  /** Whether it asks for a fresh proof of who calls: always, or where its input makes it dangerous. */
  readonly fresh: true | 'sometimes' | undefined;
  /** Whether it is done in a site that is closed too. */
  readonly endsAccess: boolean;
  /** Whether support never does it. */
  readonly support: 'never' | undefined;
  readonly input: Schema | undefined;
  readonly output: Schema;
};

type Def = {
  readonly type: 'query' | 'mutation';
  readonly meta?: Meta;
  readonly inputs: readonly Schema[];
  readonly output?: Schema;
};

function walk(procedures: object): WalkedProcedure[] {
  return Object.entries(procedures).map(([path, { _def }]: [string, { _def: Def }]) => {
    const { type, meta, inputs, output } = _def;
    if (!meta?.access) throw new Error(`${path} says of nobody that they may call it`);
    if (!output) throw new Error(`${path} does not say what it answers`);
    if (inputs.length > 1) throw new Error(`${path} takes more than one input`);
    const { access, alone = false, fresh, support, endsAccess = false } = meta;
    return {
      name: `${access.audience} ${path}`,
      path,
      type,
      access,
      alone,
      fresh,
      support,
      endsAccess,
      input: inputs[0],
      output,
    };
  });
}

/** Every procedure of every audience, read from the routers: whatever is added there is attacked here. */
export const ALL_PROCEDURES: readonly WalkedProcedure[] = [
  ...walk(adminRouter._def.procedures),
  ...walk(storefrontRouter._def.procedures),
  ...walk(serviceRouter._def.procedures),
];
