import { bootChecks, brokenInvariants } from '@souk/db';
import { verifySeals } from '@souk/db/activity';
import { inDatabase } from '@souk/db/testing';
import type { Environment } from '@souk/api/env';
import { domainLookup } from '@souk/api/identity/domain-lookup';
import { checkSender, senderDomain } from '@souk/api/integrations/sender-domain';
import { listBackups } from '@souk/db/backup';
import { configuredUrls, openInstallation, openServer } from './installation.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `npm run doctor`: looks at the configuration and asks the database whether every invariant holds. Changes nothing. */
export async function doctor(): Promise<number> {
  const { environment, installation } = openInstallation();
  say(`Configuration  fine (${environment.mode}, port ${environment.port}, ${environment.home})`);
  say(`Backups        ${await backupWords(environment)}`);
  for (const line of await mailWords(environment)) say(`Mail           ${line}`);
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
    const seals = findings.length > 0 ? undefined : await inDatabase(owner, verifySeals);
    for (const { siteId, message } of seals?.broken ?? []) say(`Broken seal    site ${siteId}: ${message}`);
    if (seals?.broken.length === 0) say(`Seals          ${seals.seals} of the logs hold, over ${seals.rows} rows`);
    return findings.length + broken.length + (seals?.broken.length ?? 0) > 0 ? 1 : 0;
  } finally {
    await server.stop();
  }
}

/** How old the newest backup is, and whether it was proved. */
async function backupWords(environment: Pick<Environment, 'backupFolder'>): Promise<string> {
  const [newest] = await listBackups(environment.backupFolder);
  if (!newest) return 'there are none: npm run backup takes one';
  const hours = Math.round((Date.now() - newest.takenAt.getTime()) / 3_600_000);
  const age = hours < 48 ? `${hours} hours old` : `${Math.round(hours / 24)} days old`;
  return `the newest is ${age}, ${newest.provedAt ? 'proved by a restore' : 'and was never proved by a restore'}`;
}

/** Whether mails go out, and what their receivers would miss at the domain they come from. */
async function mailWords(environment: ReturnType<typeof openInstallation>['environment']): Promise<string[]> {
  const { smtpUrl, mailFrom: address, dkimSelector: selector, dnsServers } = environment;
  if (!smtpUrl) return ['goes to the development mailbox: set SMTP_URL to send it'];
  const found = await checkSender(domainLookup(dnsServers), { address, selector });
  const wrong = found.filter(({ state }) => state !== 'right');
  return wrong.length === 0
    ? [`${senderDomain(address)} has SPF, DKIM and DMARC`]
    : wrong.map(({ record, state, name, advice }) => `${record} ${state.replace('_', ' ')} at ${name}: ${advice}`);
}
