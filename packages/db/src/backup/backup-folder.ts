import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST, PROOF } from './manifest.ts';

/** Where the parts of a folder of backups lie. Person keys stand apart: what they open ends with them, also in older backups. */
export const backupPaths = (folder: string) => ({
  backup: (name: string): string => join(folder, name),
  table: (name: string, table: string): string => join(folder, name, `${table}.copy.zst.age`),
  personKeys: (name: string): string => join(folder, 'keys', `${name}.person_keys.copy.zst.age`),
  /** The list of files of a backup; the files themselves are shared by all, since a name is never written twice with another content. */
  fileList: (name: string): string => join(folder, name, 'files.list.zst.age'),
  file: (path: string): string => join(folder, 'files', `${path}.zst.age`),
  /** The hash of what a sealed file holds: a file that was sealed while it was still being written is sealed again. */
  fileHash: (path: string): string => join(folder, 'files', `${path}.sha256`),
});

/** `2026-11-30T21-40-12Z`: sorts by time, and every file system takes it. */
export const backupName = (at: Date): string => `${at.toISOString().slice(0, 19).replaceAll(':', '-')}Z`;

export type BackupFound = { readonly name: string; readonly takenAt: Date; readonly provedAt: Date | undefined };

const parsed = (text: string | undefined): unknown => {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
};
const jsonAt = async (file: string): Promise<unknown> => parsed(await readFile(file, 'utf8').catch(() => undefined));
const textIn = (value: unknown, name: string): string | undefined => {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof found === 'string' ? found : undefined;
};

/** The whole backups of a folder, newest first. What was cut off has no manifest and is none. No key is needed to count them. */
export async function listBackups(folder: string): Promise<BackupFound[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^\d{4}-\d\d-\d\dT[\d-]+Z$/.test(name));
  const found = await Promise.all(
    names.map(async (name): Promise<BackupFound | undefined> => {
      const manifest = parsed(textIn(await jsonAt(join(folder, name, MANIFEST)), 'manifest'));
      const takenAt = textIn(manifest, 'takenAt');
      const provedAt = textIn(await jsonAt(join(folder, name, PROOF)), 'provedAt');
      return takenAt === undefined
        ? undefined
        : { name, takenAt: new Date(takenAt), provedAt: provedAt === undefined ? undefined : new Date(provedAt) };
    }),
  );
  return found.filter((one) => one !== undefined).toSorted((a, b) => b.takenAt.getTime() - a.takenAt.getTime());
}

/**
 * Removes backups beyond the newest `keep`, and whatever a cut-off one has left; the newest that was proved always stays.
 * @returns the names of those that went.
 */
export async function pruneBackups(folder: string, keep: number): Promise<string[]> {
  const whole = await listBackups(folder);
  const lastProved = whole.find((one) => one.provedAt)?.name;
  const stays = new Set([...whole.slice(0, keep).map((one) => one.name), ...(lastProved ? [lastProved] : [])]);
  const gone = whole.map((one) => one.name).filter((name) => !stays.has(name));
  const { backup, personKeys } = backupPaths(folder);
  for (const name of gone) {
    await rm(backup(name), { recursive: true, force: true });
    await rm(personKeys(name), { force: true });
  }
  return gone;
}
