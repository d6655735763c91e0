export * from './cart.ts';
export * from './checkout-limits.ts';
export * from './fulfilment.ts';
export * from './order-status.ts';
export * from './order.ts';
export * from './payment.ts';
export * from './pricing.ts';
