import { First } from './20261125000000-first.ts';

/** All migrations in their order. A name, once released, never changes. */
export const migrations = [{ name: '20261125000000-first', class: First }];
