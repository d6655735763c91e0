import { type MouseEvent, useEffect, useRef, useState } from 'react';
import { CART } from '../addresses.ts';
import { CartIcon, CloseIcon } from '../components/icons.tsx';
import type { Cart } from '../page-data.ts';
import { readerFor } from '../reader.ts';
import { fetchCart, onCart } from './cart-client.ts';
import { CartView } from './cart-view.tsx';

type Props = { readonly locale: string; readonly count: number };

/**
 * The link to the cart with its count; with JavaScript it opens the cart as a drawer over the page.
 * The drawer is a modal `<dialog>`: the browser keeps the focus inside, closes it on Esc and gives the focus back.
 */
export function CartButton({ locale, count: initial }: Props) {
  const { t } = readerFor(locale);
  const [count, setCount] = useState(initial);
  const [cart, setCart] = useState<Cart | undefined>(undefined);
  const [opened, setOpened] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(
    () =>
      onCart(({ answer, open }) => {
        setCount(answer.cart.count);
        setCart(answer.cart);
        if (open) show();
      }),
    [],
  );

  function show(): void {
    setOpened(true);
    if (dialog.current && !dialog.current.open) dialog.current.showModal();
  }

  function openFromLink(event: MouseEvent): void {
    // On its own page the cart is already there; a new tab stays a new tab.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || location.pathname === CART) return;
    event.preventDefault();
    show();
    void fetchCart().then((answer) => {
      if (answer) {
        setCount(answer.cart.count);
        setCart(answer.cart);
      } else {
        location.assign(CART);
      }
    });
  }

  return (
    <>
      <a className="cart-button" href={CART} onClick={openFromLink}>
        <CartIcon />
        <span className="cart-button-word">{t.cart}</span>
        <span className="cart-count" data-empty={count === 0}>
          {count}
        </span>
        <span className="visually-hidden">{t.pieces(count)}</span>
      </a>
      <dialog
        ref={dialog}
        className="drawer"
        aria-labelledby="drawer-title"
        onClose={() => setOpened(false)}
        onClick={(event) => {
          // A click on the backdrop lands on the dialog itself, one inside on what is inside.
          if (event.target === dialog.current) dialog.current?.close();
        }}
      >
        {opened && (
          <div className="drawer-inside">
            <div className="drawer-head">
              <h2 id="drawer-title">{t.yourCart}</h2>
              <button
                type="button"
                className="icon-button"
                aria-label={t.close}
                onClick={() => dialog.current?.close()}
              >
                <CloseIcon />
              </button>
            </div>
            {cart ? (
              <CartView locale={locale} cart={cart} inDrawer />
            ) : (
              <div className="cart-skeleton" role="status">
                <span className="visually-hidden">{t.loadingCart}</span>
                <span className="skeleton-line" />
                <span className="skeleton-line" />
              </div>
            )}
          </div>
        )}
      </dialog>
    </>
  );
}
