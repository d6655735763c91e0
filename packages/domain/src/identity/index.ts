export * from './email.ts';
export * from './password-rules.ts';
export * from './permissions.ts';
export * from './site-country.ts';
export * from './site-settings.ts';
export * from './site-status.ts';
export * from './site.ts';
export * from './team.ts';
