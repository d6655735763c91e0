export * from './account-store.ts';
export * from './founder-store.ts';
export * from './operator-store.ts';
export * from './platform-lookups.ts';
export * from './session-store.ts';
export * from './site-settings-store.ts';
export * from './site-store.ts';
export * from './team-store.ts';
