import { type FormEvent, useEffect, useState } from 'react';
import { CART, CART_ITEMS, productAddress } from '../addresses.ts';
import { CheckIcon, WarningIcon } from '../components/icons.tsx';
import { Price } from '../components/price.tsx';
import type { Picture, Variant } from '../page-data.ts';
import { type Reader, readerFor } from '../reader.ts';
import { canBeBought, type Choice, choicesOf } from '../variants.ts';
import { announceCart, postCart } from './cart-client.ts';
import { Gallery } from './gallery.tsx';

type Props = {
  readonly locale: string;
  readonly slug: string;
  readonly title: string;
  readonly shortDescription?: string | undefined;
  readonly images: readonly Picture[];
  readonly optionNames: readonly string[];
  readonly swatches?: Readonly<Record<string, string>> | undefined;
  readonly variants: readonly Variant[];
  readonly selectedVariantId: string;
  readonly delivery: readonly string[];
  readonly maxQuantity?: number | undefined;
  readonly problem?: string | undefined;
  /** Named beside the price when it is part of it. */
  readonly includedTax?: string | undefined;
};

/** Pictures, options, price, stock and the way into the cart: what changes together when another variant is chosen. */
export function ProductView(props: Props) {
  const { locale, slug, title, images, optionNames, variants, maxQuantity = 20 } = props;
  const reader = readerFor(locale);
  const { t } = reader;
  const [variantId, setVariantId] = useState(props.selectedVariantId);
  const [awake, setAwake] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(props.problem);
  const [said, setSaid] = useState('');
  const variant = variants.find((candidate) => candidate.variantId === variantId) ?? variants[0];

  useEffect(() => setAwake(true), []);

  if (!variant) return null;
  const buyable = canBeBought(variant.stock);
  const most = Math.max(1, Math.min(maxQuantity, variant.stock.left ?? maxQuantity));

  function choose(next: Variant): void {
    setVariantId(next.variantId);
    setProblem(undefined);
    history.replaceState(history.state, '', productAddress(slug, next.variantId));
  }

  async function addToCart(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (busy || !variant) return;
    const quantity = new FormData(event.currentTarget).get('quantity');
    setBusy(true);
    const answer = await postCart(CART_ITEMS, {
      variantId: variant.variantId,
      quantity: typeof quantity === 'string' ? quantity : '1',
    });
    setBusy(false);
    if (!answer || answer.refusal) {
      setProblem(answer?.refusal?.words ?? t.notReached);
      return;
    }
    setProblem(undefined);
    setSaid(t.added(title));
    announceCart({ answer, open: true });
  }

  return (
    <div className="product">
      <Gallery images={images} shown={variant.imageIndex ?? 0} title={title} reader={reader} />
      <div className="product-panel">
        <h1 className="product-title">{title}</h1>
        <p className="product-price" aria-live="polite">
          <Price reader={reader} price={variant.price} compareAt={variant.compareAt} />
          {props.includedTax && <span className="product-tax">{t.includingTax(props.includedTax)}</span>}
        </p>
        {props.shortDescription && <p className="product-short">{props.shortDescription}</p>}

        <form className="buy" method="post" action={CART_ITEMS} onSubmit={(event) => void addToCart(event)}>
          <input type="hidden" name="variantId" value={variant.variantId} />
          <input type="hidden" name="next" value={CART} />
          {optionNames.map((name, index) => (
            <Options
              key={name}
              name={name}
              slug={slug}
              chosen={variant.options[index] ?? ''}
              choices={choicesOf(variants, variant, index)}
              swatches={props.swatches}
              reader={reader}
              awake={awake}
              choose={choose}
            />
          ))}
          <p className={`stock stock-${variant.stock.state}`} aria-live="polite">
            {stockWords(variant, reader)}
          </p>
          {problem && (
            <p className="notice notice-bad" role="alert">
              <WarningIcon />
              {problem}
            </p>
          )}
          <div className="buy-bar">
            <p className="buy-bar-summary" aria-hidden="true">
              <span>{variant.options.join(' / ') || title}</span>
              <span>{reader.money(variant.price)}</span>
            </p>
            <label className="buy-quantity">
              <span className="visually-hidden">{t.quantity}</span>
              <select name="quantity" defaultValue="1" disabled={!buyable}>
                {Array.from({ length: most }, (_, index) => (
                  <option key={index} value={index + 1}>
                    {index + 1}
                  </option>
                ))}
              </select>
            </label>
            <button type="submit" className="button buy-button" disabled={!buyable} aria-disabled={busy}>
              {busy ? t.adding : buttonWords(variant, reader)}
            </button>
          </div>
          <p className="visually-hidden" role="status">
            {said}
          </p>
        </form>

        {props.delivery.length > 0 && (
          <ul className="product-delivery">
            {props.delivery.map((sentence) => (
              <li key={sentence}>
                <CheckIcon />
                {sentence}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function stockWords({ stock }: Variant, { t }: Reader): string {
  if (stock.state === 'low') return stock.left === undefined ? t.lowStock : t.onlyLeft(stock.left);
  return { in_stock: t.inStock, out: t.soldOut, backorder: t.backorder }[stock.state];
}

function buttonWords({ stock }: Variant, { t }: Reader): string {
  if (stock.state === 'out') return t.soldOut;
  return stock.state === 'backorder' ? t.backorderButton : t.addToCart;
}

type OptionsProps = {
  readonly name: string;
  readonly slug: string;
  readonly chosen: string;
  readonly choices: readonly Choice[];
  readonly swatches: Readonly<Record<string, string>> | undefined;
  readonly reader: Reader;
  /** Whether JavaScript has taken over: until then each value is a link to the page with that variant. */
  readonly awake: boolean;
  readonly choose: (variant: Variant) => void;
};

function Options({ name, slug, chosen, choices, swatches, reader, awake, choose }: OptionsProps) {
  const { t } = reader;
  return (
    <fieldset className="options">
      <legend>
        {name}: <span className="options-chosen">{chosen}</span>
      </legend>
      <div className="options-values">
        {choices.map(({ value, state, leadsTo }) => {
          const swatch = swatchOf(swatches, value);
          const inside = (
            <>
              {swatch && (
                <svg className="swatch" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
                  <circle cx="10" cy="10" r="9.5" fill={swatch} />
                </svg>
              )}
              <span>{value}</span>
              {state !== 'available' && (
                <span className="visually-hidden"> ({state === 'sold_out' ? t.optionSoldOut : t.optionMissing})</span>
              )}
            </>
          );
          const className = `option option-${state}`;
          return awake ? (
            <label key={value} className={className}>
              <input
                type="radio"
                name={`option-${name}`}
                value={value}
                checked={value === chosen}
                onChange={() => choose(leadsTo)}
              />
              <span className="option-face">{inside}</span>
            </label>
          ) : (
            <a
              key={value}
              className={className}
              href={productAddress(slug, leadsTo.variantId)}
              rel="nofollow"
              {...(value === chosen ? { 'aria-current': 'true' as const } : {})}
            >
              <span className="option-face">{inside}</span>
            </a>
          );
        })}
      </div>
    </fieldset>
  );
}

/** A colour written as hex digits and nothing else. */
function swatchOf(swatches: Readonly<Record<string, string>> | undefined, value: string): string | undefined {
  const colour = swatches && Object.hasOwn(swatches, value) ? swatches[value] : undefined;
  return colour !== undefined && /^#[0-9a-f]{3,8}$/i.test(colour) ? colour : undefined;
}
