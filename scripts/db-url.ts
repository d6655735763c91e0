import { configuredUrls, openInstallation, openServer } from './installation.ts';

/** `npm run db:url`: the addresses of the running database. */
export async function dbUrl(): Promise<number> {
  const { environment, installation } = openInstallation();
  const server = await openServer(environment.home, { mayStart: false });
  const owner = server.ownerUrl ?? '(not configured: set DATABASE_URL)';
  const app = server.usesPasswords
    ? (configuredUrls().app ?? installation.urls?.app ?? '(run npm run migrate)')
    : owner.replace('souk_owner@', 'souk_app@');
  process.stdout.write(`owner  ${owner}\napp    ${app}\n`);
  return 0;
}
