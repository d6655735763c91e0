import { migrateInstallation, openInstallation, openServer } from './installation.ts';

/** `npm run migrate`: brings the database to this release and prints the addresses to serve with. */
export async function migrateCommand(): Promise<number> {
  const opened = openInstallation();
  const server = await openServer(opened.environment.home);
  try {
    const { applied, urls } = await migrateInstallation(server, opened);
    process.stdout.write(applied.length > 0 ? `Applied ${applied.join(', ')}.\n` : 'The database is up to date.\n');
    if (server.usesPasswords)
      process.stdout.write(
        `\nAPP_DATABASE_URL=${urls.app}\nPLATFORM_DATABASE_URL=${urls.platform}\nRELAY_DATABASE_URL=${urls.relay}\n`,
      );
    return 0;
  } finally {
    await server.stop();
  }
}
