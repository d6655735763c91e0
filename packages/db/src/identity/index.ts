export * from './founder-store.ts';
export * from './platform-lookups.ts';
export * from './site-store.ts';
