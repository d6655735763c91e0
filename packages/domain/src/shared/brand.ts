/** A type that carries a proof: a `Slug` is a string that has been parsed as one. Brands exist at compile time only. */
export type Brand<Base, Name extends string> = Base & { readonly __brand: Name };
