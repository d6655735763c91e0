/**
 * The database's roles: a login each, and no membership between them.
 * The owner (whoever `DATABASE_URL` names) migrates and never serves.
 */
export const ROLES = { app: 'souk_app', platform: 'souk_platform', relay: 'souk_relay' } as const;

export type ServingRole = keyof typeof ROLES;
