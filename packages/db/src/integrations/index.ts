export * from './email-log-store.ts';
export * from './payment-configuration-store.ts';
export * from './webhook-store.ts';
