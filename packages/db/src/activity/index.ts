export * from './action-log-store.ts';
export * from './look-listener.ts';
export * from './outbox-store.ts';
export * from './person-key-store.ts';
export * from './publication-store.ts';
export * from './seal-store.ts';
export * from './verify-seals.ts';
