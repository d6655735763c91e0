/**
 * The way into every command, `node scripts/start.mjs <command> [arguments]`. It runs on whatever Node is there (20 or newer)
 * and without a single package: it installs them when the lock file changed, then goes on as `scripts/main.ts` under the
 * project's own Node 24.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
const OWN_NODE = 'v24.';
/** Streams through the process (an import of 100,000 rows) make much short-lived garbage; a small nursery and a bounded heap make
 * the collector take it away in time. */
const FLAT_MEMORY = ['--max-semi-space-size=4', '--max-old-space-size=1024'];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const inRoot = (...path) => join(root, ...path);
/** What Node has made of the sources: with it a start takes half the time, and the compiler of TypeScript is never loaded. */
const COMPILED = inRoot('node_modules', '.cache', 'souk', 'compiled');

const modules = inRoot('node_modules');
/** Says for which lock file the packages were installed and proven to work; written last. */
const stamp = join(modules, '.souk-stamp');
/** Written last by npm itself. */
const npmRecord = join(modules, '.package-lock.json');
const ownNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
/** Holds the process id of the start that is installing. */
const installing = inRoot('.souk', 'installing');

/** A sentence for the person, without a stack. */
class Stop extends Error {}

/** The signal that told us to end. */
let interruptedBy;

async function main([command = 'start', ...rest]) {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    throw new Stop(`Souk needs Node.js ${OLDEST_NODE} or newer; this is ${process.version}. See https://nodejs.org.`);
  }
  await install();
  const path = [join(modules, '.bin'), process.env.PATH].join(delimiter);
  const child = spawn(ownNode, [...FLAT_MEMORY, inRoot('scripts', 'main.ts'), command, ...rest], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      NODE_COMPILE_CACHE: COMPILED,
      ...process.env,
      PATH: path,
      SOUK_BOOTSTRAP_MS: String(Math.round(performance.now())),
    },
  });
  return ended(child);
}

async function install() {
  const want = fingerprint();
  if (isStamped(want)) return;
  await alone(async () => {
    if (isStamped(want)) return;
    if (!isInstalled()) await installPackages();
    proveOwnNode();
    writeFileSync(stamp, want);
  });
}

const isStamped = (want) => existsSync(stamp) && readFileSync(stamp, 'utf8') === want && existsSync(ownNode);

function fingerprint() {
  const lock = inRoot('package-lock.json');
  if (!existsSync(lock)) throw new Stop('package-lock.json is missing: this is not a complete copy of Souk.');
  return createHash('sha256').update(readFileSync(lock)).update(process.platform).update(process.arch).digest('hex');
}

const suits = ({ os, cpu, libc }) =>
  (!os || os.includes(process.platform)) && (!cpu || cpu.includes(process.arch)) && !libc;

/** Whether npm's own record of a finished installation, by whomever, agrees with the lock file. */
function isInstalled() {
  if (!existsSync(npmRecord)) return false;
  const wanted = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(npmRecord, 'utf8')).packages;
  const same = (name) => JSON.stringify(wanted[name]) === JSON.stringify(present[name]);
  return (
    Object.keys(present).every(same) &&
    Object.keys(wanted).every((name) => name === '' || same(name) || (wanted[name].optional && !suits(wanted[name])))
  );
}

async function installPackages() {
  // Without these two an installation that is interrupted cannot be taken for a finished one.
  for (const record of [stamp, npmRecord]) rmSync(record, { force: true });
  process.stdout.write('Installing packages … ');
  const began = performance.now();
  // Production habits in the environment must not leave out what the build needs.
  const args = ['ci', '--no-audit', '--no-fund', '--include=dev', '--include=optional'];
  const npm = process.env.npm_execpath ?? '';
  const child =
    basename(npm) === 'npm-cli.js'
      ? spawn(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
      : spawn('npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
  // npm outlives us if we are killed; the next start must not install beside it.
  if (child.pid) writeFileSync(installing, `${process.pid} ${child.pid}`);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const code = await ended(child).catch((error) => {
    throw new Stop(`\nnpm could not be run (${error.message}). It comes with Node.js.`);
  });
  if (interruptedBy) throw new Stop('\nInterrupted. The next start begins the installation anew.');
  if (code !== 0) {
    process.stdout.write(`\n${said}`);
    throw new Stop('The packages could not be installed; npm says why above. Then run the same command again.');
  }
  process.stdout.write(`${((performance.now() - began) / 1000).toFixed(1)} s\n`);
}

function proveOwnNode() {
  const version = existsSync(ownNode)
    ? spawnSync(ownNode, ['--version'], { encoding: 'utf8' }).stdout?.trim()
    : undefined;
  if (version?.startsWith(OWN_NODE)) return;
  const found = version ? `it is ${version}` : 'it is missing or does not run';
  throw new Stop(
    `Souk brings its own Node.js 24, but ${found}: npm was told not to run install scripts.\n` +
      'Run `npm ci --ignore-scripts=false` once, without --ignore-scripts, then the same command again.',
  );
}

/** Runs `work` in one process at a time; a second start waits for the first one's installation. */
async function alone(work) {
  mkdirSync(dirname(installing), { recursive: true, mode: 0o700 });
  for (let hasSaid = false; ; await sleep(200)) {
    try {
      writeFileSync(installing, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = ownerOfLock();
    if (owner === undefined) rmSync(installing, { force: true });
    else if (!hasSaid) hasSaid = process.stdout.write(`Waiting for ${owner}, which is installing packages …\n`);
  }
  try {
    await work();
  } finally {
    rmSync(installing, { force: true });
  }
}

/** The live process that holds the lock or the npm it began; undefined when the lock is a dead one's. */
function ownerOfLock() {
  if (!existsSync(installing)) return undefined;
  const pids = readFileSync(installing, 'utf8').split(' ').map(Number);
  const isBeingWritten = pids[0] === 0 && Date.now() - statSync(installing).mtimeMs < 2_000;
  const alive = pids.find((pid) => pid > 0 && isAlive(pid));
  return isBeingWritten ? 'another start' : alive && `process ${alive}`;
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Waits for a child and makes sure that it ends when we do, whoever is told to stop: npm, the shell between, or us. A key
 * press reaches the whole group by itself, so Ctrl-C is passed on only to a child that has not heard it.
 * @returns the exit code, 128 + n for signal n
 */
function ended(child) {
  const parent = process.ppid;
  // Asked once: a second signal may cut off the first one's orderly end.
  let isAsked = false;
  const ask = (signal) => {
    if (!isAsked) child.kill(signal);
    isAsked = true;
  };
  const watch = setInterval(() => process.ppid !== parent && ask('SIGTERM'), 250);
  const pass = (signal) => {
    interruptedBy = signal;
    if (signal === 'SIGINT') setTimeout(ask, 500, 'SIGTERM').unref();
    else isAsked = child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, pass);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  }).finally(() => {
    clearInterval(watch);
    for (const signal of signals) process.off(signal, pass);
  });
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(`${error instanceof Stop ? error.message : error.stack}\n`);
    process.exit(interruptedBy ? 128 + constants.signals[interruptedBy] : 1);
  },
);
