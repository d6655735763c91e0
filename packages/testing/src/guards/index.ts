export { tryInvariantQueries } from './broken-states.ts';
export { CODE_GUARDS, type CodeGuard } from './code-guards.ts';
export { type GuardSeen, isSeen, tryDatabaseGuards } from './database-guards.ts';
export { tryPrivileges } from './privilege-guards.ts';
