export * from './publication.ts';
export * from './stock.ts';
