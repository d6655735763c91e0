import { CART } from '../addresses.ts';
import type { CartAnswer } from '../page-data.ts';

/** What the islands tell each other: the cart as the server last said it, and whether to show it. */
export type CartNews = { readonly answer: CartAnswer; readonly open: boolean };

const channel = new EventTarget();

export function announceCart(news: CartNews): void {
  channel.dispatchEvent(new CustomEvent<CartNews>('cart', { detail: news }));
}

/** @returns the function that ends listening. */
export function onCart(listener: (news: CartNews) => void): () => void {
  const heard = (event: Event): void => {
    if (event instanceof CustomEvent) listener(event.detail as CartNews);
  };
  channel.addEventListener('cart', heard);
  return () => channel.removeEventListener('cart', heard);
}

const JSON_ONLY = { accept: 'application/json' };

/** The server's answer, a refusal included; undefined when there was none that can be read. */
async function answerOf(request: Promise<Response>): Promise<CartAnswer | undefined> {
  try {
    const response = await request;
    const body: unknown = await response.json();
    return isCartAnswer(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

const isCartAnswer = (body: unknown): body is CartAnswer =>
  typeof body === 'object' && body !== null && 'cart' in body && typeof body.cart === 'object' && body.cart !== null;

export const fetchCart = (): Promise<CartAnswer | undefined> => answerOf(fetch(CART, { headers: JSON_ONLY }));

/** Posts what the classic form would post, and asks for JSON instead of a page. */
export const postCart = (action: string, fields: Readonly<Record<string, string>>): Promise<CartAnswer | undefined> =>
  answerOf(fetch(action, { method: 'POST', headers: JSON_ONLY, body: new URLSearchParams(fields) }));
