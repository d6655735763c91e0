import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MikroORM } from '@mikro-orm/postgresql';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EmbeddedAlreadyRunning, type EmbeddedServer, findRunning, removeEmbedded, startEmbedded } from './index.ts';
import { reachableNative } from './data-folder.ts';
import { commandLine } from './identity.ts';
import { linkLibraries } from './native-folder.ts';
import { isRunning } from './running-server.ts';
import { startEmbeddedBy } from './start-embedded.ts';

const isRoot = process.getuid?.() === 0;
const SUPERUSER = { user: 'postgres', database: 'postgres' };

/** A private folder with a home inside: what a clone in root's own home folder looks like. */
const root = mkdtempSync(join(tmpdir(), 'souk-embedded-'));
const home = join(root, 'clone', '.souk');
const started: EmbeddedServer[] = [];

async function start(folder = home): Promise<EmbeddedServer> {
  const server = await startEmbedded({ home: folder });
  started.push(server);
  runningPid(folder);
  return server;
}

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows }: { rows: Record<string, unknown>[] } = await client.query(sql);
    return rows;
  } finally {
    await client.end();
  }
}

async function until(condition: () => boolean, limitMs = 8_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error('waited in vain');
    await sleep(10);
  }
}

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

const socketFolders = new Set<string>();

function runningPid(folder = home): number {
  const server = findRunning({ home: folder });
  if (server) socketFolders.add(server.socketFolder);
  return server?.pid ?? 0;
}

/** A process of its own that starts the server of `folder` and reports its pid, or the name of the refusal. */
function startElsewhere(
  folder: string,
  path = process.env['PATH'],
): { readonly child: ChildProcess; readonly said: Promise<string> } {
  const code = `
    const { startEmbedded, findRunning } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});
    const home = ${JSON.stringify(folder)};
    try { await startEmbedded({ home }); process.stdout.write(String(findRunning({ home }).pid)); setInterval(() => {}, 1000); }
    catch (error) { process.stdout.write(error.name); }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: path },
  });
  const said = new Promise<string>((resolve) => child.stdout.once('data', (text: Buffer) => resolve(String(text))));
  return { child, said };
}

beforeAll(async () => {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const server = await start();
  await ask(server.url(SUPERUSER), 'create table kept (n int)');
});

afterAll(async () => {
  await Promise.all(started.map((server) => server.stop()));
  for (const folder of [root, ...socketFolders]) rmSync(folder, { recursive: true, force: true });
});

describe('embedded PostgreSQL', () => {
  test('it is made once, kept over a stop, and made with checksums, UTC and safe settings', async () => {
    const [first] = started;
    expect(first?.created).toBe(true);
    await first?.stop();
    expect(findRunning({ home })).toBeUndefined();
    writeFileSync(join(home, 'postgres', 'postgresql.auto.conf'), "fsync = 'off'\nfull_page_writes = 'off'\n");
    const server = await start();
    expect(server.created).toBe(false);
    const settings =
      'data_checksums fsync full_page_writes synchronous_commit timezone listen_addresses server_encoding password_encryption';
    const columns = settings.split(' ').map((name) => `current_setting('${name}') as ${name}`);
    const [row] = await ask(
      server.url(SUPERUSER),
      `select (select count(*)::int from kept) as kept, upper('é') as upper, ${columns.join()}`,
    );
    expect(row).toEqual({
      kept: 0,
      upper: 'É',
      data_checksums: 'on',
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      timezone: 'UTC',
      listen_addresses: '',
      server_encoding: 'UTF8',
      password_encryption: 'scram-sha-256',
    });
  });

  test('its address works in MikroORM, with a password that needs escaping', async () => {
    const running = findRunning({ home });
    await ask(running?.url(SUPERUSER) ?? '', `create role "ship owner" login password 'a/b:c@d'`);
    const clientUrl = running?.url({ user: 'ship owner', password: 'a/b:c@d', database: 'postgres' });
    const orm = await MikroORM.init({
      clientUrl: clientUrl ?? '',
      entities: [],
      discovery: { warnWhenNoEntities: false },
    });
    const rows = await orm.em.getConnection().execute('select current_user as name');
    await orm.close();
    expect(rows).toEqual([{ name: 'ship owner' }]);
  });

  test('data, socket and log are nobody else’s to read', () => {
    expect(mode(join(home, 'postgres'))).toBe('700');
    expect(mode(started[0]?.socketFolder ?? '')).toBe('700');
    expect(mode(join(home, 'logs', 'postgres.log'))).toBe('600');
  });

  test('a statement that fails leaves no value in the log', async () => {
    const url = findRunning({ home })?.url(SUPERUSER) ?? '';
    await ask(url, "create table person (email text unique); insert into person values ('canary@example.org')");
    await expect(ask(url, "insert into person values ('canary@example.org')")).rejects.toThrow(/person_email_key/);
    const log = readFileSync(join(home, 'logs', 'postgres.log'), 'utf8');
    expect(log).toContain('person_email_key');
    expect(log).not.toContain('canary');
  });

  test('K07 · a second start is refused and says who runs', async () => {
    const refusal = await startEmbedded({ home }).catch((error: unknown) => error);
    if (!(refusal instanceof EmbeddedAlreadyRunning)) throw new Error('it was not refused');
    const { server } = refusal;
    expect(server).toMatchObject({ pid: runningPid(), ownerPid: process.pid, isOrphan: false });
    expect(await ask(server.url(SUPERUSER), 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(() => removeEmbedded({ home })).toThrow(EmbeddedAlreadyRunning);
  });

  test('K01 · a server killed with kill -9 comes back with everything acknowledged', async () => {
    const url = findRunning({ home })?.url(SUPERUSER) ?? '';
    await ask(url, 'insert into kept values (7)');
    const before = runningPid();
    process.kill(before, 'SIGKILL');
    await until(() => runningPid() !== 0 && runningPid() !== before);
    await until(() => readFileSync(join(home, 'postgres', 'postmaster.pid'), 'utf8').includes('ready'));
    expect(await ask(url, 'select n from kept')).toEqual([{ n: 7 }]);
  });

  test('stop ends it although a client is connected, and twice is once', async () => {
    const client = new Client({ connectionString: findRunning({ home })?.url(SUPERUSER) });
    client.on('error', () => {});
    await client.connect();
    const pid = runningPid();
    await Promise.all(started.flatMap((server) => [server.stop(), server.stop()]));
    expect(isRunning(pid)).toBe(false);
    await client.end().catch(() => {});
  });

  test('K07 · a lock file is stale when its process is dead, or lives but is no server of this folder', async () => {
    const sitting = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { cwd: join(home, 'postgres') });
    for (const pid of [process.ppid, sitting.pid, 999_999_999]) {
      const lines = [pid, join(home, 'postgres'), 1, 5432, '/tmp', '', '', 'ready', ''].join('\n');
      writeFileSync(join(home, 'postgres', 'postmaster.pid'), lines, { mode: 0o600 });
      mkdirSync(started[0]?.socketFolder ?? '', { mode: 0o700 });
      writeFileSync(join(started[0]?.socketFolder ?? '', '.s.PGSQL.5432.lock'), lines, { mode: 0o600 });
      expect(findRunning({ home })).toBeUndefined();
      const server = await start();
      expect(await ask(server.url(SUPERUSER), 'select 1 as one')).toEqual([{ one: 1 }]);
      await server.stop();
    }
    sitting.kill();
  });

  test.runIf(process.platform === 'linux')(
    'a program whose parent died before the kernel watched does not begin',
    () => {
      const { command, args } = commandLine('self', 'true', []);
      const status = (parent: number): number | null =>
        spawnSync(
          command,
          args.map((word) => (word === String(process.pid) ? String(parent) : word)),
        ).status;
      expect(status(process.pid)).toBe(0);
      expect(status(process.ppid)).toBe(1);
    },
  );

  test.runIf(process.platform === 'linux')('a parent killed with kill -9 leaves no server', async () => {
    const { child, said } = startElsewhere(home);
    const pid = Number(await said);
    expect(isRunning(pid)).toBe(true);
    child.kill('SIGKILL');
    await until(() => !isRunning(pid));
    expect(existsSync(join(home, 'postgres', 'postmaster.pid'))).toBe(false);
  });

  test.runIf(process.platform === 'linux')(
    'where the kernel cannot watch, the next start ends what a killed one left',
    async () => {
      const programs = mkdtempSync(join(root, 'bin-'));
      for (const name of ['unshare', 'true']) {
        symlinkSync(spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim(), join(programs, name));
      }
      const { child, said } = startElsewhere(home, programs);
      const pid = Number(await said);
      child.kill('SIGKILL');
      await until(() => findRunning({ home })?.isOrphan === true);
      const server = await start();
      expect(isRunning(pid)).toBe(false);
      expect(await ask(server.url(SUPERUSER), 'select 1 as one')).toEqual([{ one: 1 }]);
      await server.stop();
    },
  );

  test('of two simultaneous starts of a new home exactly one wins', async () => {
    const fresh = join(root, 'twice');
    const both = [startElsewhere(fresh), startElsewhere(fresh)];
    const said = await Promise.all(both.map((one) => one.said));
    expect(said.filter((text) => text === 'EmbeddedAlreadyRunning')).toHaveLength(1);
    expect(said.map(Number).filter((pid) => pid > 0)).toEqual([runningPid(fresh)]);
    const pid = runningPid(fresh);
    for (const { child } of both) child.kill('SIGKILL');
    await until(() => !isRunning(pid));
    expect(readdirSync(fresh).sort()).toEqual(['logs', 'postgres']);
  });

  test('a start killed while it makes the database leaves nothing in the way', async () => {
    const fresh = join(root, 'killed');
    const { child } = startElsewhere(fresh);
    await until(() => existsSync(fresh) && readdirSync(fresh).some((name) => name.startsWith('postgres.init-')));
    child.kill('SIGKILL');
    await until(() => child.signalCode !== null);
    expect(existsSync(join(fresh, 'postgres'))).toBe(false);
    const server = await start(fresh);
    expect(server.created).toBe(true);
    expect(readdirSync(fresh).sort()).toEqual(['logs', 'postgres']);
    await server.stop();
    removeEmbedded({ home: fresh });
    expect(existsSync(join(fresh, 'postgres'))).toBe(false);
  });

  test('a socket folder that others may enter is refused', async () => {
    const { socketFolder } = started[0] ?? { socketFolder: '' };
    rmSync(socketFolder, { recursive: true, force: true });
    mkdirSync(socketFolder);
    await expect(startEmbedded({ home })).rejects.toThrow(/is not private/);
    rmSync(socketFolder, { recursive: true, force: true });
    symlinkSync(root, socketFolder);
    await expect(startEmbedded({ home })).rejects.toThrow(/is not private/);
    rmSync(socketFolder);
  });

  test.runIf(isRoot)('root without user namespaces: it runs as nobody although the home is private', async () => {
    const vault = mkdtempSync('/var/tmp/souk-vault-');
    chmodSync(vault, 0o755);
    try {
      const fresh = join(root, 'clone', '.souk-nobody');
      for (const created of [true, false]) {
        const server = await startEmbeddedBy({ identity: 'nobody', vault: join(vault, 'open') }, { home: fresh });
        started.push(server);
        expect(server.created).toBe(created);
        expect(lstatSync(`/proc/${runningPid(fresh)}`).uid).toBe(65_534);
        expect(statSync(join(fresh, 'postgres')).mode & 0o777).toBe(0o700);
        expect(await ask(server.url(SUPERUSER), 'select 1 as one')).toEqual([{ one: 1 }]);
        await server.stop();
      }
      await expect(startEmbeddedBy({ identity: 'nobody', vault }, { home })).rejects.toThrow(/pass through/);
      const server = await start(fresh);
      expect(await ask(server.url(SUPERUSER), 'select 1 as one')).toEqual([{ one: 1 }]);
      await server.stop();
      removeEmbedded({ home: fresh });
      expect(readdirSync(join(vault, 'open')).filter((name) => name.includes('data'))).toEqual([]);
    } finally {
      rmSync(vault, { recursive: true, force: true });
    }
  });

  test.runIf(isRoot)(
    'root without user namespaces: programs in a private clone are copied to where nobody can run them',
    () => {
      const folder = join(root, 'private', 'native');
      mkdirSync(join(folder, 'bin'), { recursive: true });
      writeFileSync(join(folder, 'bin', 'postgres'), '#!/bin/sh\n', { mode: 0o700 });
      const vault = mkdtempSync('/var/tmp/souk-vault-');
      try {
        for (let times = 0; times < 2; times += 1) {
          const reachable = reachableNative({ folder, version: '18.4.0' }, 'nobody', vault);
          const run = spawnSync(join(reachable.folder, 'bin', 'postgres'), { uid: 65_534, gid: 65_534, cwd: '/' });
          expect(run.status).toBe(0);
          expect(statSync(join(reachable.folder, 'bin', 'postgres')).uid).toBe(0);
        }
        expect(reachableNative({ folder, version: '18.4.0' }, 'namespace', vault).folder).toBe(folder);
      } finally {
        rmSync(vault, { recursive: true, force: true });
      }
    },
  );

  test('the libraries’ short names are made when npm ran no scripts, once', () => {
    const folder = join(root, 'package');
    mkdirSync(join(folder, 'native', 'lib'), { recursive: true });
    writeFileSync(join(folder, 'native', 'lib', 'libx.so.1.2'), 'x');
    const list = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }];
    writeFileSync(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(list));
    for (let times = 0; times < 2; times += 1) linkLibraries(folder);
    expect(readFileSync(join(folder, 'native', 'lib', 'libx.so.1'), 'utf8')).toBe('x');
  });
});
