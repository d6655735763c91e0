export { type Violation, brokenInvariants, invariantQueries } from './invariants.ts';
export { type BootFinding, bootChecks } from './boot-checks.ts';
export { type Database, type DatabaseUrls, type Patience, openDatabase } from './orm.ts';
export { isPassingFault } from './passing-fault.ts';
export { JOB_SCHEMA } from './queues.ts';
export { type SchemaFinding, lintSchema } from './schema-lint.ts';
export { countRoundTrips } from './round-trips.ts';
export { type MasterKey, masterKey, newMasterKey, seal, sha256, unseal } from './sealing.ts';
export { type SiteTransaction, withSite } from './with-site.ts';
