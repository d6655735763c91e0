import { basename, dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { listBackups, readManifest, releaseRestored, restoreBackup } from '@souk/db/backup';
import { findRunning } from '@souk/db/embedded';
import { inDatabase } from '@souk/db/testing';
import { v7 } from 'uuid';
import { Stop, migrateInstallation, openInstallation, openServer } from './installation.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/**
 * `npm run restore -- <backup> [--as-staging] [--yes]`: puts a backup in the place of the present database, which is kept beside
 * it. `latest` is the newest of this installation; anything else is a folder. `release` lets mails and jobs go on afterwards.
 */
export async function restore(words: readonly string[]): Promise<number> {
  const opened = openInstallation();
  const { environment } = opened;
  if (words.length === 1 && words[0] === 'release') return release(environment.home);
  const [wanted, ...others] = words.filter((word) => !word.startsWith('--'));
  if (!wanted || others.length > 0)
    throw new Stop(
      'Say which: npm run restore -- latest, or the folder of a backup. npm run backup -- list shows them.',
    );
  const running = findRunning({ home: environment.home });
  if (running && !running.isOrphan)
    throw new Stop('Souk is running from this folder. Stop it first (Ctrl-C where it runs), then restore.');
  const newest = wanted === 'latest' ? (await listBackups(environment.backupFolder))[0]?.name : undefined;
  if (wanted === 'latest' && !newest) throw new Stop(`There is no backup in ${environment.backupFolder}.`);
  const path = newest ? resolve(environment.backupFolder, newest) : resolve(wanted);
  const [folder, name] = [dirname(path), basename(path)];
  const manifest = await readManifest(path, environment.key);
  const asStaging = words.includes('--as-staging');
  say(`Backup    ${name}, ${manifest.tables.find((table) => table.name === 'orders')?.rows ?? 0} orders`);
  const server = await openServer(environment.home);
  try {
    if (!server.ownerUrl) throw new Stop('DATABASE_URL is missing: only the owner of the database can restore.');
    // The serving roles are made with the database; on a new machine there is neither yet.
    const { urls } = await migrateInstallation(server, opened);
    if (!words.includes('--yes') && !(await isAgreed(server.ownerUrl))) {
      say('Nothing was changed.');
      return 1;
    }
    const { aside } = await restoreBackup({
      folder,
      name,
      key: environment.key,
      home: environment.home,
      ownerUrl: server.ownerUrl,
      known: urls,
      passwords: server.usesPasswords,
      ...(asStaging ? { asStaging: { installationId: v7() } } : {}),
      say: (line) => say(`Restored  ${line}`),
    });
    say(`\nDone. The database before is kept as ${aside}; drop it when nobody needs it.`);
    say('Mails and jobs wait until you have looked at it: start Souk, look, then npm run restore -- release.');
    say(
      'Everybody signs in again, with the password of then. Keys, invitations, members and second factors are those of then, too: look at them.',
    );
    if (asStaging) say('This is a copy: it sends mails to nobody and takes no real payments.');
    return 0;
  } finally {
    await server.stop();
  }
}

/** Asks, when there is something that would give way. */
async function isAgreed(ownerUrl: string): Promise<boolean> {
  const { rows } = await inDatabase(ownerUrl, (client) =>
    client.query<{ sites: number; orders: number }>(
      'select (select count(*)::int from sites) as sites, (select count(*)::int from orders) as orders',
    ),
  );
  const [there] = rows;
  if (!there || there.sites === 0) return true;
  if (!process.stdin.isTTY)
    throw new Stop('There are sites here that would give way. Say yes beforehand: npm run restore -- … --yes');
  const ask = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await ask.question(
    `${there.sites} sites with ${there.orders} orders give way to the backup (and are kept beside it). Type "restore" to go on: `,
  );
  ask.close();
  return answer.trim() === 'restore';
}

async function release(home: string): Promise<number> {
  const server = await openServer(home);
  try {
    if (!server.ownerUrl) throw new Stop('DATABASE_URL is missing: only the owner of the database can release it.');
    say(
      (await releaseRestored(server.ownerUrl))
        ? 'Released: mails and jobs go on.'
        : 'Nothing waits here: mails and jobs go on as always.',
    );
    return 0;
  } finally {
    await server.stop();
  }
}
