import { bootChecks, brokenInvariants } from '@souk/db';
import { inDatabase } from '@souk/db/testing';
import { configuredUrls, openInstallation, openServer } from './installation.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `npm run doctor`: looks at the configuration and asks the database whether every invariant holds. Changes nothing. */
export async function doctor(): Promise<number> {
  const { environment, installation } = openInstallation();
  say(`Configuration  fine (${environment.mode}, port ${environment.port}, ${environment.home})`);
  const server = await openServer(environment.home);
  try {
    const owner = server.ownerUrl;
    const as = (role: string): string => (owner ?? '').replace('souk_owner@', `${role}@`);
    const made = { app: as('souk_app'), platform: as('souk_platform'), relay: as('souk_relay') };
    const urls = server.usesPasswords
      ? { app: '', platform: '', relay: '', ...installation.urls, ...configuredUrls() }
      : made;
    const findings = await bootChecks(urls, environment.key);
    for (const { message } of findings) say(`Boot check     ${message}`);
    if (findings.length === 0) say('Boot checks    roles, settings, migrations and key are right');
    if (!owner) {
      say('Invariants     not looked at: set DATABASE_URL, only the owner sees all sites');
      return findings.length > 0 ? 1 : 0;
    }
    const broken = findings.length > 0 ? [] : await inDatabase(owner, brokenInvariants);
    for (const { invariant, rows } of broken) say(`Broken         ${invariant}: ${JSON.stringify(rows)}`);
    if (findings.length === 0 && broken.length === 0) say('Invariants     every one holds');
    return findings.length + broken.length > 0 ? 1 : 0;
  } finally {
    await server.stop();
  }
}
