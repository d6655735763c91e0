import { CartButton } from './cart-button.tsx';
import { CartView } from './cart-view.tsx';
import { ProductView } from './product-view.tsx';

/** Every component that is hydrated, by the name in its `data-island`. */
export const ISLANDS = { 'cart-button': CartButton, 'cart-view': CartView, 'product-view': ProductView } as const;

export type IslandName = keyof typeof ISLANDS;
