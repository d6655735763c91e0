import type { ComponentProps, ReactNode } from 'react';
import { CartButton } from './cart-button.tsx';
import { CartView } from './cart-view.tsx';
import { ProductView } from './product-view.tsx';

export type IslandProps = {
  readonly 'cart-button': ComponentProps<typeof CartButton>;
  readonly 'cart-view': ComponentProps<typeof CartView>;
  readonly 'product-view': ComponentProps<typeof ProductView>;
};

export type IslandName = keyof IslandProps;

/** Every component that is hydrated, by the name in its `data-island`. */
export const ISLANDS: { readonly [Name in IslandName]: (props: IslandProps[Name]) => ReactNode } = {
  'cart-button': CartButton,
  'cart-view': CartView,
  'product-view': ProductView,
};
