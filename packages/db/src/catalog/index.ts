export * from './storefront-reads.ts';
export * from './product-store.ts';
export * from './stock-store.ts';
