import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Path, type Schema, isIdText, sentKind, unwrapped, withPlace } from './schema-walk.ts';
import type { SeededRandom } from './seeded-random.ts';

/** What a generated input may hold: ids of a site by the name of their column, and texts that mean something there. */
export type Known = {
  readonly ids: Readonly<Record<string, readonly string[]>>;
  readonly texts: readonly string[];
  /** Texts that mean something in a field of this name. */
  readonly named: Readonly<Record<string, readonly string[]>>;
};

// Texts of every form that some field of the project asks for. A field that none of them fits fails the test, and is
// answered by one more line here.
const FORMS = [
  'lamp',
  'A lamp of oak & glass',
  'Größe 42 – 東京',
  '',
  'ada@example.org',
  'GB',
  'JP',
  'EUR',
  '0',
  '12.00',
  '1500',
  '2025-11-25',
  '2025-11-25T12:00:00.000Z',
  'https://example.org/a.png',
  '+44 20 7946 0000',
  'a-slug-of-something',
  'A-10001',
  'idempotency-key-0001',
  'x'.repeat(43),
  'a'.repeat(40),
];
const NUMBERS = [0, 1, 2, 3, 7, 10, 30, 50, 90, 100, 365, 1000, 0.5, -1, 2_147_483_647];

/** A value the schema accepts, as a caller would send it. `undefined` is a field that was left out. */
export function validInput(random: SeededRandom, known: Known, schema: Schema, key = ''): unknown {
  const { def } = schema._zod;
  if (['optional', 'default', 'prefault'].includes(def.type))
    return random.below(5) < 2 ? undefined : validInput(random, known, inside(schema), key);
  if (def.type === 'nullable') return random.below(5) === 0 ? null : validInput(random, known, inside(schema), key);
  if (['readonly', 'nonoptional', 'catch'].includes(def.type)) return validInput(random, known, inside(schema), key);
  const fitting = <Value>(values: readonly Value[]): Value => {
    const accepted = values.filter((value) => schema.safeParse(value).success);
    if (accepted.length === 0)
      throw new Error(`nothing known fits the field "${key}" (${sentKind(schema)}): add a form to made-inputs.ts`);
    return random.pick(accepted);
  };
  switch (sentKind(schema)) {
    case 'object':
      return Object.fromEntries(
        Object.entries(objectOf(schema)).flatMap(([name, child]) => {
          const value = validInput(random, known, child, name);
          return value === undefined ? [] : [[name, value]];
        }),
      );
    case 'array': {
      const { element } = unwrapped(schema)._zod.def;
      if (!element) throw new Error(`"${key}" is a list of anything`);
      const items = Array.from({ length: random.below(4) }, () => validInput(random, known, element, key));
      return schema.safeParse(items).success ? items : [validInput(random, known, element, key)];
    }
    case 'enum':
      return random.pick(Object.values(unwrapped(schema)._zod.def.entries ?? {}));
    case 'literal':
      return random.pick(unwrapped(schema)._zod.def.values ?? []);
    case 'boolean':
      return random.below(2) === 0;
    case 'number':
      return fitting(NUMBERS);
    case 'string': {
      const named = (known.named[key] ?? []).filter((text) => schema.safeParse(text).success);
      if (named.length > 0 && random.below(5) > 0) return random.pick(named);
      // Mostly an id that means something in this place; now and then another, which is as valid and finds nothing.
      return isIdText(schema)
        ? random.pick(random.below(5) > 0 ? idsFor(known, key) : Object.values(known.ids).flat())
        : fitting([...FORMS, ...known.texts, random.pick(Object.values(known.ids).flat())]);
    }
    default:
      throw new Error(`"${key}" is of the kind "${sentKind(schema)}": teach made-inputs.ts to make one`);
  }
}

const inside = (schema: Schema): Schema => {
  const { innerType } = schema._zod.def;
  if (!innerType) throw new Error('a wrapper around nothing');
  return innerType;
};
const objectOf = (schema: Schema): Readonly<Record<string, Schema>> => {
  const { type, shape, in: sent } = unwrapped(schema)._zod.def;
  return type === 'pipe' && sent ? objectOf(sent) : (shape ?? {});
};

/** Ids of a site that a field of this name asks for: `paymentConfigId` a `config_id`, `productIds` a `product_id`; else all. */
export function idsFor(known: Known, key: string): readonly string[] {
  const column = key.replace(/s$/, '').replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const fits = Object.keys(known.ids).filter((name) => column.endsWith(name));
  const closest = fits.toSorted((x, y) => y.length - x.length)[0];
  return closest === undefined ? Object.values(known.ids).flat() : (known.ids[closest] ?? []);
}

const RAW = '\u0001as it is:';
/** A piece of JSON that `JSON.stringify` would not write, put in as it is by `asJson`. */
const raw = (json: string): string => `${RAW}${json}\u0001`;

/** JSON of an input, with its raw pieces as they are: numbers beyond all bounds, keys written twice, nests without end. */
export const asJson = (input: unknown): string | undefined =>
  (JSON.stringify(input) as string | undefined)?.replaceAll(
    /"\\u0001as it is:((?:[^"\\]|\\.)*?)\\u0001"/g,
    (_whole, json: string) => JSON.parse(`"${json}"`) as string,
  );

const SHARED_STRINGS = resolve(import.meta.dirname, '../../../../shared/data/hostile/blns.json');
/** The list of naughty strings, where it lies beside the checkout; it is no part of the project. */
export const NAUGHTY_STRINGS: readonly string[] = existsSync(SHARED_STRINGS)
  ? (JSON.parse(readFileSync(SHARED_STRINGS, 'utf8')) as string[])
  : [];
export const NAUGHTY_STRINGS_FILE = join('..', 'shared', 'data', 'hostile', 'blns.json');

const HOSTILE_TEXTS = [
  ...NAUGHTY_STRINGS,
  '\u0000',
  'a\u0000b',
  '\ud800',
  'a\udfff\ud800b',
  '\ufffe\uffff',
  '\u202egpj.exe',
  "' or '1'='1' --",
  "'; drop table orders; --",
  '$1',
  '%',
  '_',
  '\\',
  '(a+)+$',
  '{{7*7}}',
  '${7*7}',
  '<script>alert(1)</script>',
  '=cmd|x',
  '../../../etc/passwd',
  '\r\nX-Evil: 1',
  'NaN',
  'Infinity',
  '-0',
  '1e400',
  '0x10',
  '١٢',
  '9'.repeat(400),
  '-1',
  '99999999999999999999.99',
  'x'.repeat(1_000),
  'é'.repeat(300),
  '👩‍👩‍👧‍👦'.repeat(50),
  '0000-00-00',
  '2024-02-30',
  '-271821-04-20T00:00:00.000Z',
  '+275760-09-13T00:00:00.001Z',
  '9999-12-31T23:59:59-23:59',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '01930000-0000-7000-8000-0000000000AA',
  '{01930000-0000-7000-8000-0000000000aa}',
  '01930000000070008000000000000000aa',
];
const HOSTILE_NUMBERS = [
  -1,
  0,
  0.1,
  -0.5,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  Number.MAX_VALUE,
  raw('1e400'),
  raw('-1e400'),
  raw('1e-400'),
  raw('-0'),
  raw('9007199254740993'),
  raw('123456789012345678901234567890'),
];
const WRONG_TYPES = [null, true, false, 0, '', [], {}, [[]], [null], { length: 1 }, 'true', raw('1e5')];
const OWN_KEYS = [
  raw('{"__proto__":{"polluted":"yes"}}'),
  raw('{"constructor":{"prototype":{"polluted":"yes"}}}'),
  raw('{"__proto__":null}'),
  raw('{"toString":1,"valueOf":2,"hasOwnProperty":3}'),
  raw('{"then":1,"toJSON":1}'),
];
const nest = (open: string, close: string, depth: number): string =>
  raw(`${open.repeat(depth)}1${close.repeat(depth)}`);

/** An input that was valid until one thing about it was made wrong, and what that was. It may still be accepted: then it is answered. */
export function mutatedInput(
  random: SeededRandom,
  known: Known,
  schema: Schema | undefined,
): { readonly how: string; readonly input: unknown } {
  const base = schema ? validInput(random, known, schema) : undefined;
  const path = random.pick(places(base));
  const at = path.join('.') || 'the whole';
  const put = (what: string, to: unknown) => ({ how: `${at}: ${what}`, input: withPlace(base, path, to) });
  switch (random.below(12)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return put('hostile text', random.pick(HOSTILE_TEXTS));
    case 4:
      return put('hostile number', random.pick(HOSTILE_NUMBERS));
    case 5:
      return put('wrong type', random.pick(WRONG_TYPES));
    case 6:
      return put('left out', undefined);
    case 7:
      return put('prototype key', random.pick(OWN_KEYS));
    case 8:
      return put('deep nest', random.pick([nest('[', ']', 3_000), nest('{"a":', '}', 1_500)]));
    case 9:
      return put('very long', random.pick(['x'.repeat(9_000), Array(2_000).fill('x'), Array(500).fill('{}')]));
    case 10:
      return put('id of another kind', random.pick(Object.values(known.ids).flat()));
    default: {
      const extra = random.pick(['extra', 'siteId', 'site_id', 'isAdmin', '$where', 'id', '0', '', 'polluted']);
      return {
        how: `${at}: one field more`,
        input: { ...(isObject(base) ? base : {}), [extra]: random.pick(known.texts) },
      };
    }
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every place of a value, itself included. */
function places(value: unknown, path: Path = []): Path[] {
  const below = Array.isArray(value)
    ? value.map((item: unknown, i) => [i, item] as const)
    : isObject(value)
      ? Object.entries(value)
      : [];
  return [path, ...below.flatMap(([key, child]) => places(child, [...path, key]))];
}
