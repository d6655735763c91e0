export * from './product-content.ts';
export * from './publication.ts';
export * from './stock.ts';
