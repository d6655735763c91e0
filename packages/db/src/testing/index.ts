export { inDatabase } from './in-database.ts';
export { type TestDatabase, openTestDatabase } from './test-database.ts';
export { type TestServer, databaseUrl, startTestServer, writeServer } from './test-server.ts';
export { siteRow, standSite } from './site-rows.ts';
export { ROLES } from '../roles.ts';
export { APPEND_ONLY, FOLLOWED_ROWS, PLATFORM_TABLES, VERSION_ROWS } from '../schema-rules.ts';
export { PROVED_DOMAIN } from './proved-domain.ts';
