import { existsSync, createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { MIGRATION_NAMES } from '../migrations/names.ts';
import { runMigrations } from '../migrate.ts';
import type { MasterKey } from '../sealing.ts';
import { backupPaths, listBackups } from './backup-folder.ts';
import { PERSON_KEYS } from './make-backup.ts';
import { type Manifest, type TableContent, WrongBackup, readManifest } from './manifest.ts';
import { readSealed } from './sealed-file.ts';
import { copied } from './table-list.ts';

export type LoadWish = {
  readonly folder: string;
  readonly name: string;
  readonly key: MasterKey;
  /** The owner's connection to an empty database of a server that has the serving roles. */
  readonly ownerUrl: string;
};

/**
 * Loads a backup into an empty database, in one transaction: the tables as they were when it was taken, then their rows, each
 * compared with what the manifest says. Every key and check holds them while they come in. Keys of people come from the
 * newest backup: whom a later one does not know any more was erased, and stays so.
 * @throws WrongBackup when it is of a newer release, or not what it says.
 */
export async function loadBackup({ folder, name, key, ownerUrl }: LoadWish): Promise<Manifest> {
  const paths = backupPaths(folder);
  const manifest = await readManifest(paths.backup(name), key);
  const known = new Set<string>(MIGRATION_NAMES);
  const unknown = manifest.migrations.filter((migration) => !known.has(migration));
  if (unknown.length > 0)
    throw new WrongBackup('This backup was made by a newer release of Souk. Restore it with that release.');
  await runMigrations(ownerUrl, manifest.migrations);
  const keys = await newestPersonKeys({ folder, name, key });
  const client = new pg.Client({ connectionString: ownerUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('begin');
    await client.query('set constraints all deferred');
    await client.query(`truncate ${manifest.tables.map((table) => `public."${table.name}"`).join(', ')}`);
    for (const table of manifest.tables)
      await (table.name === PERSON_KEYS
        ? loadTable(client, key, keys.table, paths.personKeys(keys.name))
        : loadTable(client, key, table, paths.table(name, table.name)));
    await client.query('set constraints all immediate');
    await client.query('commit');
    await client.query('analyze');
  } finally {
    await client.end();
  }
  return manifest;
}

/** The keys of people as the newest backup has them, with what its manifest says of them. */
async function newestPersonKeys({
  folder,
  name,
  key,
}: Pick<LoadWish, 'folder' | 'name' | 'key'>): Promise<{ name: string; table: TableContent }> {
  const paths = backupPaths(folder);
  const newest = (await listBackups(folder)).find((one) => existsSync(paths.personKeys(one.name)))?.name ?? name;
  const { tables } = await readManifest(paths.backup(newest), key);
  const table = tables.find((one) => one.name === PERSON_KEYS);
  if (!table) throw new WrongBackup(`The backup ${newest} has no keys of people. Take another backup.`);
  return { name: newest, table };
}

async function loadTable(client: pg.Client, key: MasterKey, table: TableContent, file: string): Promise<void> {
  const wrong = (what: string, cause?: unknown): WrongBackup =>
    new WrongBackup(`The table ${table.name} of the backup ${what}. Take another backup. (${file})`, { cause });
  let rowCount = 0;
  const content = await readSealed(file, key, () => {
    const rowsIn = client.query(copyFrom(`copy ${copied(table)} from stdin`));
    // A connection that is lost later says so to a stream that is done.
    rowsIn.on('error', () => undefined);
    rowsIn.on('finish', () => (rowCount = rowsIn.rowCount));
    return rowsIn;
  }).catch((cause: unknown) => {
    throw wrong(
      cause instanceof pg.DatabaseError ? `is refused by the database: ${cause.message}` : 'cannot be read',
      cause,
    );
  });
  if (content.sha256 !== table.sha256 || rowCount !== table.rows) throw wrong('is not what it was when it was written');
}

/** A file of the installation as a backup knows it: where it lies below `uploads`, and what is in it. */
type FileKnown = readonly [path: string, sha256: string];

/** The files a backup says it has. @throws WrongBackup when the list is not the one it was written with. */
async function filesOf(
  { folder, name, key }: Pick<LoadWish, 'folder' | 'name' | 'key'>,
  manifest: Manifest,
): Promise<FileKnown[]> {
  const pieces: Buffer[] = [];
  const list = backupPaths(folder).fileList(name);
  const { sha256 } = await readSealed(
    list,
    key,
    () =>
      new Writable({
        write(piece: Buffer, _encoding, done) {
          pieces.push(piece);
          done();
        },
      }),
  ).catch((cause: unknown) => {
    throw new WrongBackup(`The list of files cannot be read. Take another backup. (${list})`, { cause });
  });
  if (sha256 !== manifest.files.sha256)
    throw new WrongBackup(`The list of files is not what it was when it was written. Take another backup. (${list})`);
  return JSON.parse(Buffer.concat(pieces).toString('utf8')) as FileKnown[];
}

/** Whether every file of a backup is there, as its list has it. @throws WrongBackup naming the first that is not. */
export async function checkFiles(wish: Pick<LoadWish, 'folder' | 'name' | 'key'>, manifest: Manifest): Promise<void> {
  const paths = backupPaths(wish.folder);
  for (const [path, sha256] of await filesOf(wish, manifest)) {
    const kept = await readFile(paths.fileHash(path), 'utf8').catch(() => undefined);
    if (kept !== sha256 || !existsSync(paths.file(path)))
      throw new WrongBackup(`The file ${path} is missing in the backups. Take another backup.`);
  }
}

/**
 * Brings the files of a backup back into the installation's folder; those that are there stay as they are. One that cannot be
 * read is left out and named: an order weighs more than a picture. @returns how many came, and which did not.
 */
export async function loadFiles(
  { folder, name, key }: Pick<LoadWish, 'folder' | 'name' | 'key'>,
  manifest: Manifest,
  home: string,
): Promise<{ count: number; lost: string[] }> {
  const paths = backupPaths(folder);
  let count = 0;
  const lost: string[] = [];
  for (const [path, sha256] of await filesOf({ folder, name, key }, manifest)) {
    const file = join(home, 'uploads', path);
    if (existsSync(file)) continue;
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const content = await readSealed(paths.file(path), key, () =>
      createWriteStream(`${file}.part`, { mode: 0o600 }),
    ).catch(() => undefined);
    if (content?.sha256 !== sha256) {
      await rm(`${file}.part`, { force: true });
      lost.push(path);
      continue;
    }
    await rename(`${file}.part`, file);
    count += 1;
  }
  return { count, lost };
}
