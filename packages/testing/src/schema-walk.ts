/** What is read of a zod schema: its definition and its answer. */
export type Schema = {
  readonly _zod: { readonly def: Definition };
  safeParse(value: unknown): { readonly success: boolean };
};

type Definition = {
  readonly type: string;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly catchall?: Schema;
  readonly innerType?: Schema;
  readonly element?: Schema;
  readonly keyType?: Schema;
  readonly valueType?: Schema;
  readonly in?: Schema;
  readonly out?: Schema;
  readonly options?: readonly Schema[];
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, unknown>>;
};

export type Path = readonly (string | number)[];

const WRAPPERS = new Set(['optional', 'default', 'prefault', 'nullable', 'readonly', 'nonoptional', 'catch']);

/** The schema inside `.optional()`, `.default()` and the like. */
export function unwrapped(schema: Schema): Schema {
  const { type, innerType } = schema._zod.def;
  return WRAPPERS.has(type) && innerType ? unwrapped(innerType) : schema;
}

/** What a value is before it is changed: the kind of thing that a caller sends. */
export function sentKind(schema: Schema): string {
  const inner = unwrapped(schema);
  const { type, in: sent } = inner._zod.def;
  return type === 'pipe' && sent ? sentKind(sent) : type;
}

const isStrict = ({ _zod: { def } }: Schema): boolean => def.catchall?._zod.def.type === 'never';

/** Texts that an output's text of no known kind has to refuse, to be more than "anything". */
const ANYTHING = [{}, [], { a: 1 }, 'x'.repeat(100), null, 1];

/**
 * Where an output says less than it could: an object that lets other fields through, a field that may be anything, a kind
 * this walk does not know. An empty list is a schema that says exactly what leaves.
 */
export function looseEnds(schema: Schema, at = ''): string[] {
  const inner = unwrapped(schema);
  const { def } = inner._zod;
  switch (def.type) {
    case 'object':
      return [
        ...(isStrict(inner) ? [] : [`${at || 'the answer'} lets other fields through`]),
        ...Object.entries(def.shape ?? {}).flatMap(([key, child]) => looseEnds(child, `${at}.${key}`)),
      ];
    case 'array':
      return def.element ? looseEnds(def.element, `${at}[]`) : [`${at} is a list of anything`];
    case 'record':
      return def.keyType && sentKind(def.keyType) === 'enum' && def.valueType
        ? looseEnds(def.valueType, `${at}[]`)
        : [`${at} lets any field through`];
    case 'union':
      return (def.options ?? []).flatMap((option) => looseEnds(option, at));
    case 'pipe':
      return def.out ? looseEnds(def.out, at) : [`${at} is anything`];
    case 'custom':
      return ANYTHING.some((value) => inner.safeParse(value).success) ? [`${at} is anything that has a form`] : [];
    case 'string':
    case 'number':
    case 'boolean':
    case 'date':
    case 'enum':
    case 'literal':
      return [];
    default:
      return [`${at} is of the kind "${def.type}", which says nothing or is not known to this walk`];
  }
}

/** Names of all fields, however deep. */
export function fieldNames(schema: Schema): string[] {
  const { def } = unwrapped(schema)._zod;
  const below = [def.element, def.out, ...(def.options ?? [])].filter((child) => child !== undefined);
  return [
    ...Object.entries(def.shape ?? {}).flatMap(([key, child]) => [key, ...fieldNames(child)]),
    ...below.flatMap(fieldNames),
  ];
}

/** One text of an input, where it stands in a value, and its schema. */
export type TextPlace = { readonly path: Path; readonly key: string; readonly schema: Schema };

/** The places of a value that hold text, by walking its schema beside it. */
export function textPlaces(schema: Schema, value: unknown, path: Path = [], key = ''): TextPlace[] {
  const inner = unwrapped(schema);
  const { def } = inner._zod;
  if (def.type === 'object' && typeof value === 'object' && value !== null)
    return Object.entries(def.shape ?? {}).flatMap(([name, child]) =>
      name in value ? textPlaces(child, (value as Readonly<Record<string, unknown>>)[name], [...path, name], name) : [],
    );
  const { element } = def;
  if (def.type === 'array' && element && Array.isArray(value))
    return value.flatMap((item: unknown, i) => textPlaces(element, item, [...path, i], key));
  return typeof value === 'string' ? [{ path, key, schema: inner }] : [];
}

/** A copy of a value in which one place holds something else. */
export function withPlace(value: unknown, [first, ...rest]: Path, to: unknown): unknown {
  if (first === undefined) return to;
  if (Array.isArray(value)) return value.map((item: unknown, i) => (i === first ? withPlace(item, rest, to) : item));
  const object = (typeof value === 'object' ? value : null) ?? {};
  return { ...object, [first]: withPlace((object as Readonly<Record<string, unknown>>)[String(first)], rest, to) };
}

const A_UUID = '01930000-0000-7000-8000-0000000000aa';

/** Whether a text is an id: a UUID and nothing else. */
export const isIdText = (schema: Schema): boolean =>
  schema.safeParse(A_UUID).success && !schema.safeParse('no id').success && !schema.safeParse('abcdefgh').success;
