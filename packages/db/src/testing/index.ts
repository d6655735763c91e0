export { inDatabase } from './in-database.ts';
export { type TestDatabase, openTestDatabase } from './test-database.ts';
export { databaseUrl, startTestServer } from './test-server.ts';
