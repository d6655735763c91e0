export * from './cart-store.ts';
export * from './checkout-pressure.ts';
export * from './commerce-setup-store.ts';
export * from './dashboard-reads.ts';
export * from './idempotency-store.ts';
export * from './order-number.ts';
export * from './order-store.ts';
export * from './payment-store.ts';
