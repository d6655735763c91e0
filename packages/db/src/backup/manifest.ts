import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type MasterKey, keyFingerprint } from '../sealing.ts';
import type { Content } from './sealed-file.ts';
import type { BackedUpTable } from './table-list.ts';

export type TableContent = BackedUpTable & Content & { readonly rows: number };

/** What a backup says of itself, readable without a key: no content, and nothing of anybody. */
export type Manifest = {
  readonly format: 1;
  readonly installationId: string;
  readonly keyFingerprint: string;
  /** The moment whose state it holds, as ISO 8601. */
  readonly takenAt: string;
  readonly migrations: readonly string[];
  /** In the order in which they can be written. */
  readonly tables: readonly TableContent[];
  /** How many files, their size together, and the hash of the list of them. */
  readonly files: Content & { readonly count: number };
};

/** A backup that is not what it says, or not ours. The words say what to do. */
export class WrongBackup extends Error {}

export const MANIFEST = 'manifest.json';
export const PROOF = 'proved.json';

const macOf = (master: MasterKey, text: string): Buffer =>
  createHmac('sha256', Buffer.from(hkdfSync('sha256', master, 'souk', 'backup manifest', 32)))
    .update(text)
    .digest();

/** The manifest as it is written: the text that is signed, and its signature. */
export function manifestText(master: MasterKey, manifest: Manifest): string {
  const text = JSON.stringify(manifest);
  return `${JSON.stringify({ manifest: text, mac: macOf(master, text).toString('hex') }, undefined, 2)}\n`;
}

/** Reads a backup's manifest and believes it only when this installation's key has signed it. @throws WrongBackup */
export async function readManifest(folder: string, master: MasterKey): Promise<Manifest> {
  let outer: { manifest?: unknown; mac?: unknown };
  let manifest: Manifest;
  try {
    outer = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as typeof outer;
    manifest = JSON.parse(String(outer.manifest)) as Manifest;
  } catch (cause) {
    throw new WrongBackup(`There is no readable backup in ${folder}.`, { cause });
  }
  if (manifest.keyFingerprint !== keyFingerprint(master))
    throw new WrongBackup(
      'This backup was made with another key. Set SOUK_KEY to the key of the installation it was made in.',
    );
  const mac = Buffer.from(String(outer.mac), 'hex');
  const right = macOf(master, String(outer.manifest));
  if (mac.length !== right.length || !timingSafeEqual(mac, right))
    throw new WrongBackup('The manifest of this backup was changed after it was written. Take another backup.');
  return manifest;
}
