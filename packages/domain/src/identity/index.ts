export * from './email.ts';
export * from './permissions.ts';
export * from './site-status.ts';
export * from './site.ts';
