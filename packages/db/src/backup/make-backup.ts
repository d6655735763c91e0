import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { type MasterKey, keyFingerprint } from '../sealing.ts';
import { backupName, backupPaths } from './backup-folder.ts';
import { MANIFEST, type Manifest, type TableContent, manifestText } from './manifest.ts';
import { contentOf, writeSealed } from './sealed-file.ts';
import { copied, tablesInOrder } from './table-list.ts';

export type BackupWish = {
  /** The owner's connection: it alone sees every site. */
  readonly ownerUrl: string;
  readonly key: MasterKey;
  /** Folder of the installation; its `uploads` belong to the backup. */
  readonly home: string;
  /** Folder of all backups. */
  readonly folder: string;
};

/** The table of keys under which people's values are sealed: it is kept apart from what they open. */
export const PERSON_KEYS = 'person_keys';

/**
 * Takes a backup while everything goes on: all tables as they were at one moment (a snapshot that blocks nobody), then the
 * files they name, which never change. It is there whole or not at all. @returns its name and what it holds.
 */
export async function makeBackup(wish: BackupWish): Promise<{ name: string; manifest: Manifest }> {
  const { key, folder } = wish;
  const paths = backupPaths(folder);
  await mkdir(join(folder, 'keys'), { recursive: true, mode: 0o700 });
  const client = new pg.Client({ connectionString: wish.ownerUrl });
  client.on('error', () => undefined);
  let reading: Readable | undefined;
  // The stream of a table does not hear by itself that its connection was lost in the middle of it.
  client.on('end', () => reading?.destroy(new Error('the connection to the database was lost')));
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const { rows } = await client.query<{ installation_id: string; taken_at: Date; migrations: string[] }>(
      'select installation_id, now() as taken_at, array(select name from applied_migrations order by id) as migrations from installations',
    );
    const found = rows[0];
    if (!found) throw new Error('the database belongs to no installation yet');
    const name = backupName(found.taken_at);
    const part = `.${name}.part`;
    await rm(paths.backup(part), { recursive: true, force: true });
    await mkdir(paths.backup(part), { mode: 0o700 });
    const tables: TableContent[] = [];
    for (const table of await tablesInOrder(client)) {
      const rowsOut = client.query(copyTo(`copy ${copied(table)} to stdout`));
      // It says so and goes on waiting; and it may say so before anybody listens.
      rowsOut.on('error', (error) => rowsOut.destroy(error));
      reading = rowsOut;
      const file = table.name === PERSON_KEYS ? paths.personKeys(name) : paths.table(part, table.name);
      const content = await writeSealed(file, key, rowsOut);
      tables.push({ ...table, ...content, rows: rowsOut.rowCount });
    }
    await client.query('commit');
    const files = await sealFiles(wish, paths.fileList(part));
    const manifest: Manifest = {
      format: 1,
      installationId: found.installation_id,
      keyFingerprint: keyFingerprint(key),
      takenAt: found.taken_at.toISOString(),
      migrations: found.migrations,
      tables,
      files,
    };
    await writeFile(join(paths.backup(part), MANIFEST), manifestText(key, manifest), { mode: 0o600, flush: true });
    await rename(paths.backup(part), paths.backup(name));
    return { name, manifest };
  } finally {
    await client.end();
  }
}

/** Seals every file that no backup before has sealed, and writes down which there are and what is in them. */
async function sealFiles({ home, folder, key }: BackupWish, listFile: string): Promise<Manifest['files']> {
  const paths = backupPaths(folder);
  const known: [path: string, sha256: string][] = [];
  let bytes = 0;
  for (const path of await filesBelow(join(home, 'uploads'))) {
    const file = join(home, 'uploads', path);
    const [sealed, hash] = [paths.file(path), paths.fileHash(path)];
    // What somebody brings to import is there for a while only: what has gone by now is not missed.
    let content = await contentOf(file).catch(ifGone);
    if (!content) continue;
    const kept = existsSync(sealed) ? await readFile(hash, 'utf8').catch(() => '') : '';
    if (kept !== content.sha256) {
      await mkdir(dirname(sealed), { recursive: true, mode: 0o700 });
      await rm(hash, { force: true });
      content = await writeSealed(sealed, key, createReadStream(file)).catch(ifGone);
      if (!content) continue;
      await writeFile(hash, content.sha256, { mode: 0o600, flush: true });
    }
    known.push([path, content.sha256]);
    bytes += content.bytes;
  }
  const { sha256 } = await writeSealed(listFile, key, Readable.from([Buffer.from(JSON.stringify(known))]));
  return { count: known.length, bytes, sha256 };
}

const ifGone = (error: unknown): undefined => {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
};

async function filesBelow(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.part'))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}
