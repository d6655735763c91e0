import type { Mood, Scene, SceneKind } from './scene.ts';

/** A product of a demo shop as plain data: what a merchant would have typed, and the scenes its pictures are drawn from. */
export type DemoProduct = {
  readonly slug: string;
  readonly title: string;
  readonly shortDescription: string;
  /** HTML: paragraphs, headings of the third level and lists. */
  readonly detailedDescription: string;
  /** Plain text, one entry a line; the same for what is not included. */
  readonly inclusionDetails: string;
  readonly exclusionDetails: string;
  /** Slugs of the catalogue's collections. */
  readonly collections: readonly string[];
  /** Empty for a product with one variant. */
  readonly optionNames: readonly string[];
  readonly variants: readonly DemoVariant[];
  /** The first is the main picture, the second a close look; each further one shows another colour. */
  readonly pictures: readonly DemoPicture[];
};

export type DemoVariant = {
  readonly options: readonly string[];
  readonly sku: string;
  /** Decimal, in the catalogue's currency, tax included. */
  readonly price: string;
  readonly compareAt?: string;
  readonly stock: number;
  /** Which of the product's pictures shows it. */
  readonly picture: number;
};

export type DemoPicture = { readonly scene: Scene; readonly alt: string };

export type DemoCatalogue = {
  readonly handle: string;
  readonly mood: Mood;
  readonly currency: string;
  readonly collections: readonly { readonly slug: string; readonly title: string; readonly description: string }[];
  readonly products: readonly DemoProduct[];
  /** What the home page says and shows beside the products. */
  readonly home: {
    readonly tagline: string;
    readonly hero: { readonly title: string; readonly text: string; readonly link: string; readonly alt: string };
    readonly story: {
      readonly title: string;
      readonly text: string;
      readonly link: string;
      readonly picture: DemoPicture;
    };
  };
  /** Colours of the option values that are colours, for swatches. */
  readonly swatches: Readonly<Record<string, string>>;
};

export type Draft = {
  readonly slug: string;
  readonly title: string;
  readonly short: string;
  readonly about: readonly string[];
  readonly care: readonly string[];
  readonly included: readonly string[];
  readonly excluded: readonly string[];
  readonly collections: readonly string[];
  readonly art: { readonly kind: SceneKind; readonly seed: number; readonly seen: string; readonly backdrop?: string };
  /** Names of the palette; one means that colour is no choice. */
  readonly colours: readonly string[];
  /** Name and price of each size; a size without a name is the only one. */
  readonly sizes: readonly (readonly [name: string, price: string, compareAt?: string])[];
  /** For each colour in turn, one number for each size. */
  readonly stock: readonly number[];
  readonly sku: string;
};

/** Spells a draft out: a variant for each colour and size, a picture for each colour and one from close by. */
export function demoProduct(draft: Draft, mood: Mood, palette: Readonly<Record<string, string>>): DemoProduct {
  const { art, colours, sizes } = draft;
  const sceneOf = (colour: string, view: Scene['view']): Scene => ({
    kind: art.kind,
    colour: palette[colour] ?? '#808080',
    variantSeed: art.seed,
    mood,
    view,
    ...(art.backdrop === undefined ? {} : { backdrop: art.backdrop }),
  });
  const front = (colour: string): DemoPicture => ({
    scene: sceneOf(colour, 'front'),
    alt: `${art.seen}, ${colour.toLowerCase()}`,
  });
  const first = colours[0] ?? '';
  const manyColours = colours.length > 1;
  const manySizes = sizes.length > 1;
  return {
    slug: draft.slug,
    title: draft.title,
    shortDescription: draft.short,
    detailedDescription: `${draft.about.map((words) => `<p>${words}</p>`).join('')}<h3>Care</h3><ul>${draft.care.map((words) => `<li>${words}</li>`).join('')}</ul>`,
    inclusionDetails: draft.included.join('\n'),
    exclusionDetails: draft.excluded.join('\n'),
    collections: draft.collections,
    optionNames: [...(manyColours ? ['Colour'] : []), ...(manySizes ? ['Size'] : [])],
    variants: colours.flatMap((colour, colourIndex) =>
      sizes.map(([size, price, compareAt], sizeIndex) => ({
        options: [...(manyColours ? [colour] : []), ...(manySizes ? [size] : [])],
        sku: [
          draft.sku,
          ...(manyColours ? [colour.slice(0, 3).toUpperCase()] : []),
          ...(manySizes
            ? [
                size
                  .replaceAll(/[^a-z0-9]/gi, '')
                  .slice(0, 4)
                  .toUpperCase(),
              ]
            : []),
        ].join('-'),
        price,
        ...(compareAt === undefined ? {} : { compareAt }),
        stock: draft.stock[colourIndex * sizes.length + sizeIndex] ?? 0,
        picture: colourIndex === 0 ? 0 : colourIndex + 1,
      })),
    ),
    pictures: [
      front(first),
      { scene: sceneOf(first, 'detail'), alt: `${art.seen}, from close by` },
      ...colours.slice(1).map(front),
    ],
  };
}
