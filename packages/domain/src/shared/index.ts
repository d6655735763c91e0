export * from './brand.ts';
export * from './counting.ts';
export * from './ids.ts';
export * from './money.ts';
export * from './result.ts';
export * from './text.ts';
export * from './transitions.ts';
