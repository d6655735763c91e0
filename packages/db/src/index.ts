export { type Violation, brokenInvariants, invariantQueries } from './invariants.ts';
export { type BootFinding, bootChecks } from './boot-checks.ts';
export { KeyMismatch, RoleUnknown, RolesMissing, migrate } from './migrate.ts';
export { type Database, type DatabaseUrls, openDatabase } from './orm.ts';
export { JOB_SCHEMA } from './queues.ts';
export { type SchemaFinding, lintSchema } from './schema-lint.ts';
export { countRoundTrips } from './round-trips.ts';
export { type MasterKey, masterKey, newMasterKey, sha256 } from './sealing.ts';
export { type SiteTransaction, withSite } from './with-site.ts';
