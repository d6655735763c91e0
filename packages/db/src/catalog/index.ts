export * from './collection-store.ts';
export * from './import-store.ts';
export * from './storefront-list.ts';
export * from './storefront-parts.ts';
export * from './storefront-reads.ts';
export * from './product-store.ts';
export * from './stock-store.ts';
