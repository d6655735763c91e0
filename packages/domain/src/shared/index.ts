export * from './brand.ts';
export * from './money.ts';
export * from './result.ts';
