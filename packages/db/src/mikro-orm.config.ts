import { Migrator } from '@mikro-orm/migrations';
import { defineConfig } from '@mikro-orm/postgresql';
import { entities } from './entities.ts';
import { migrations } from './migrations/index.ts';

/**
 * For the `mikro-orm` command, which developers use to look at pending migrations. It connects as the owner named by
 * DATABASE_URL (`npm run db:url` prints it); the installation itself migrates with `npm run migrate`.
 */
export default defineConfig({
  ...(process.env.DATABASE_URL ? { clientUrl: process.env.DATABASE_URL } : { dbName: 'souk' }),
  entities: Object.values(entities),
  extensions: [Migrator],
  migrations: { migrationsList: migrations, snapshot: false, tableName: 'applied_migrations' },
});
