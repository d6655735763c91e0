import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inDatabase } from '../testing/in-database.ts';

/** The same server and login, at another database. */
export function atDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${encodeURIComponent(name)}`;
  return other.toString();
}

export const databaseOf = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1));

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Works in a database from which others can be made, renamed and dropped: one of those that every server has. */
export async function besides<Value>(ownerUrl: string, work: (client: pg.Client) => Promise<Value>): Promise<Value> {
  try {
    return await inDatabase(atDatabase(ownerUrl, 'postgres'), work);
  } catch (error) {
    // 3D000: no such database; 42501 and 28000: not for this login.
    if (error instanceof pg.DatabaseError && ['3D000', '42501', '28000'].includes(error.code ?? ''))
      return inDatabase(atDatabase(ownerUrl, 'template1'), work);
    throw error;
  }
}

/** Makes an empty database beside the owner's. @returns its name. */
export async function createBeside(ownerUrl: string, purpose: string): Promise<string> {
  const name = `${databaseOf(ownerUrl)}_${purpose}_${randomBytes(4).toString('hex')}`;
  await besides(ownerUrl, (client) => client.query(`create database ${quoted(name)} template template0`));
  return name;
}

export const dropBeside = (ownerUrl: string, name: string): Promise<unknown> =>
  besides(ownerUrl, (client) => client.query(`drop database if exists ${quoted(name)} with (force)`));

/** Puts a database in the place of another, in one step: whatever happens, one of the two has the name. */
export async function swapIn(ownerUrl: string, { name, aside }: { name: string; aside: string }): Promise<void> {
  const place = databaseOf(ownerUrl);
  await besides(ownerUrl, async (client) => {
    await client.query('begin');
    await client.query(`alter database ${quoted(place)} rename to ${quoted(aside)}`);
    await client.query(`alter database ${quoted(name)} rename to ${quoted(place)}`);
    await client.query('commit');
  });
}
