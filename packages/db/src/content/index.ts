export * from './media-store.ts';
export * from './slug-store.ts';
