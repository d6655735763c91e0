import { productAddress } from '../addresses.ts';
import type { ProductCard as ProductCardFacts } from '../page-data.ts';
import type { Reader } from '../reader.ts';
import { Picture, PicturePlaceholder } from './picture.tsx';
import { Price } from './price.tsx';

type Props = {
  readonly product: ProductCardFacts;
  readonly reader: Reader;
  readonly heading: 'h2' | 'h3';
  readonly first?: boolean;
};

/** As wide as a column of the list: two on the phone, the theme's number beyond. The first one is preloaded in this width. */
export const CARD_SIZES = '(min-width: 64rem) 30vw, (min-width: 40rem) 33vw, 50vw';

export function ProductCard({ product, reader, heading: Heading, first = false }: Props) {
  const [front, back] = product.images;
  return (
    <article className={product.soldOut ? 'card card-sold-out' : 'card'}>
      <div className="card-pictures">
        {front ? (
          <Picture picture={front} sizes={CARD_SIZES} first={first} alt="" className="card-front" />
        ) : (
          <PicturePlaceholder title={product.title} />
        )}
        {back && <Picture picture={back} sizes={CARD_SIZES} alt="" className="card-back" />}
        {product.soldOut ? (
          <span className="card-badge card-badge-sold-out">{reader.t.soldOut}</span>
        ) : (
          product.badge && <span className="card-badge">{product.badge}</span>
        )}
      </div>
      <div className="card-words">
        <Heading className="card-title">
          <a href={productAddress(product.slug)}>{product.title}</a>
        </Heading>
        <p className="card-price">
          <Price reader={reader} price={product.price} compareAt={product.compareAt} hasRange={product.hasRange} />
        </p>
        {product.note && <p className="card-note">{product.note}</p>}
      </div>
    </article>
  );
}

export function ProductGrid({
  products,
  reader,
  heading,
  firstInView = 0,
}: {
  readonly products: readonly ProductCardFacts[];
  readonly reader: Reader;
  readonly heading: 'h2' | 'h3';
  /** How many of them are fetched at once because they are in view before scrolling. */
  readonly firstInView?: number;
}) {
  return (
    <ul className="grid">
      {products.map((product, index) => (
        <li key={product.slug}>
          <ProductCard product={product} reader={reader} heading={heading} first={index < firstInView} />
        </li>
      ))}
    </ul>
  );
}
