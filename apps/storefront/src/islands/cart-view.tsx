import { useEffect, useRef, useState } from 'react';
import { CART, cartLineAddress, CHECKOUT, PRODUCTS, productAddress } from '../addresses.ts';
import { MinusIcon, PlusIcon, WarningIcon } from '../components/icons.tsx';
import { Picture, PicturePlaceholder } from '../components/picture.tsx';
import type { Cart, CartLine } from '../page-data.ts';
import { type Reader, readerFor } from '../reader.ts';
import { announceCart, onCart, postCart } from './cart-client.ts';

type Props = {
  readonly locale: string;
  readonly cart: Cart;
  /** In the drawer the way to the page of the cart is offered too. */
  readonly inDrawer?: boolean;
};

/** The lines and sums of the cart; the same in the drawer and on its page. Without JavaScript each line is two small forms. */
export function CartView({ locale, cart: initial, inDrawer = false }: Props) {
  const reader = readerFor(locale);
  const { t, money } = reader;
  const [cart, setCart] = useState(initial);
  const [pending, setPending] = useState(false);
  const [message, setMessage] = useState('');
  const latestChange = useRef(0);

  useEffect(() => onCart(({ answer }) => setCart(answer.cart)), []);

  async function change(line: CartLine, fields: Readonly<Record<string, string>>, done: string): Promise<boolean> {
    latestChange.current += 1;
    const thisChange = latestChange.current;
    setPending(true);
    const answer = await postCart(cartLineAddress(line.lineId), fields);
    // An answer that was overtaken by a later change would put back an old quantity.
    if (thisChange !== latestChange.current) return true;
    setPending(false);
    if (!answer) {
      setMessage(t.notReached);
      return false;
    }
    setMessage(answer.refusal?.words ?? done);
    announceCart({ answer, open: false });
    return answer.refusal === undefined;
  }

  if (cart.lines.length === 0) {
    return (
      <div className="cart-empty">
        <p className="empty-title">{t.emptyCart}</p>
        <p>{t.emptyCartText}</p>
        <a className="button" href={PRODUCTS}>
          {t.startShopping}
        </a>
        <p className="visually-hidden" role="status">
          {message}
        </p>
      </div>
    );
  }

  return (
    <div className="cart" aria-busy={pending}>
      {cart.problems.length > 0 && (
        <div className="notice notice-bad">
          <WarningIcon />
          <div>
            {cart.problems.map((problem) => (
              <p key={problem}>{problem}</p>
            ))}
          </div>
        </div>
      )}
      <ul className="cart-lines">
        {cart.lines.map((line) => (
          <Line key={line.lineId} line={line} reader={reader} change={change} />
        ))}
      </ul>
      <div className="cart-sums">
        <p className={message === '' ? 'cart-message visually-hidden' : 'cart-message'} role="status">
          {message}
        </p>
        <dl className="sums">
          <div>
            <dt>{t.subtotal}</dt>
            <dd>{money(cart.subtotal)}</dd>
          </div>
          {cart.shippingWords && (
            <div className="sums-quiet">
              <dt>{t.shipping}</dt>
              <dd>{cart.shippingWords}</dd>
            </div>
          )}
          <div className="sums-total">
            <dt>{t.total}</dt>
            <dd>{money(cart.total)}</dd>
          </div>
        </dl>
        {cart.taxWords && <p className="sums-tax">{cart.taxWords}</p>}
        {canGoOn(cart) ? (
          <a className="button button-wide" href={CHECKOUT}>
            {t.goToCheckout}
          </a>
        ) : (
          <p className="cart-blocked">{t.fixCart}</p>
        )}
        {inDrawer && (
          <a className="quiet-link" href={CART}>
            {t.openCart}
          </a>
        )}
      </div>
    </div>
  );
}

/** A price that changed is said beside its line and settled by going on; what is not there any more has to be taken out first. */
const canGoOn = (cart: Cart): boolean =>
  cart.canCheckOut || cart.lines.every(({ problem }) => problem === undefined || problem.code === 'price_changed');

type Change = (line: CartLine, fields: Readonly<Record<string, string>>, done: string) => Promise<boolean>;

const DEBOUNCE_MS = 400;

function Line({ line, reader, change }: { readonly line: CartLine; readonly reader: Reader; readonly change: Change }) {
  const { t, money } = reader;
  const [quantity, setQuantity] = useState(String(line.quantity));
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const most = line.maxQuantity ?? 20;
  const action = cartLineAddress(line.lineId);
  const name = line.options === '' ? line.title : `${line.title}, ${line.options}`;

  useEffect(() => setQuantity(String(line.quantity)), [line.quantity]);
  useEffect(() => () => clearTimeout(timer.current), []);

  function want(text: string, afterMs: number): void {
    setQuantity(text);
    clearTimeout(timer.current);
    const wanted = Number(text);
    if (text.trim() === '' || !Number.isInteger(wanted) || wanted < 1) return;
    timer.current = setTimeout(() => {
      void change(line, { quantity: String(wanted) }, t.quantityNow(name, wanted)).then((done) => {
        if (!done) setQuantity(String(line.quantity));
      });
    }, afterMs);
  }

  const shown = Number(quantity);
  return (
    <li className="cart-line">
      <div className="cart-line-picture">
        {line.image ? <Picture picture={line.image} sizes="7rem" alt="" /> : <PicturePlaceholder title={line.title} />}
      </div>
      <div className="cart-line-words">
        <p className="cart-line-title">
          {line.slug === undefined ? line.title : <a href={productAddress(line.slug, line.variantId)}>{line.title}</a>}
        </p>
        {line.options !== '' && <p className="cart-line-options">{line.options}</p>}
        {line.quantity > 1 && <p className="cart-line-each">{t.each(money(line.unitPrice))}</p>}
        {line.problem && (
          <p className="cart-line-problem">
            <WarningIcon />
            {line.problem.words}
          </p>
        )}
      </div>
      <p className="cart-line-total">{money(line.lineTotal)}</p>
      <div className="cart-line-actions">
        <form
          method="post"
          action={action}
          className="stepper-form"
          onSubmit={(event) => {
            event.preventDefault();
            want(quantity, 0);
          }}
        >
          <input type="hidden" name="next" value={CART} />
          <div className="stepper">
            <button
              type="submit"
              name="quantity"
              value={Math.max(1, line.quantity - 1)}
              aria-label={t.fewer(name)}
              disabled={shown <= 1}
              onClick={(event) => {
                event.preventDefault();
                want(String(Math.max(1, shown - 1)), DEBOUNCE_MS);
              }}
            >
              <MinusIcon />
            </button>
            <span className="stepper-value" aria-label={t.quantityOf(name)} role="group">
              {quantity}
            </span>
            <button
              type="submit"
              name="quantity"
              value={Math.min(most, line.quantity + 1)}
              aria-label={t.more(name)}
              disabled={shown >= most}
              onClick={(event) => {
                event.preventDefault();
                want(String(Math.min(most, shown + 1)), DEBOUNCE_MS);
              }}
            >
              <PlusIcon />
            </button>
          </div>
        </form>
        <form
          method="post"
          action={action}
          onSubmit={(event) => {
            event.preventDefault();
            clearTimeout(timer.current);
            void change(line, { remove: '1' }, t.removed(name));
          }}
        >
          <input type="hidden" name="remove" value="1" />
          <input type="hidden" name="next" value={CART} />
          <button type="submit" className="quiet-button" aria-label={t.removeFrom(name)}>
            {t.remove}
          </button>
        </form>
      </div>
    </li>
  );
}
