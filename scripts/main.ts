import { WrongConfiguration } from '@souk/api/env';
import { EmbeddedAlreadyRunning } from '@souk/db/embedded';
import { WrongBackup } from '@souk/db/backup';
import { KeyMismatch, RoleUnknown, RolesMissing } from '@souk/db/migrate';
import { account } from './account-command.ts';
import { attack } from './attack.ts';
import { backup } from './backup-command.ts';
import { bench } from './bench.ts';
import { check } from './check.ts';
import { crash } from './crash.ts';
import { dbUrl } from './db-url.ts';
import { dev } from './dev.ts';
import { doctor } from './doctor.ts';
import { draw } from './draw.ts';
import { guards } from './guards.ts';
import { Stop } from './installation.ts';
import { migrateCommand } from './migrate-command.ts';
import { reset } from './reset.ts';
import { restore } from './restore-command.ts';
import { screens } from './screens.ts';
import { simulate } from './simulate.ts';
import { seedCommand, start } from './start-command.ts';
import { test } from './test-command.ts';

/** Every command of the project; `npm run <name>` leads here by way of start.mjs. Each gives the process's exit code. */
const COMMANDS: Readonly<Record<string, (words: readonly string[]) => Promise<number>>> = {
  start,
  dev,
  test,
  check,
  screens,
  draw,
  bench,
  crash,
  simulate,
  guards,
  attack,
  doctor,
  account,
  backup,
  restore,
  migrate: migrateCommand,
  seed: seedCommand,
  'db-url': dbUrl,
  reset,
};

const [name = 'start', ...words] = process.argv.slice(2);
const command = COMMANDS[name];
if (!command) {
  process.stderr.write(`There is no command "${name}". Commands: ${Object.keys(COMMANDS).join(', ')}.\n`);
  process.exit(2);
}
try {
  process.exit(await command(words));
} catch (error) {
  process.stderr.write(`${wordsOf(error)}\n`);
  process.exit(1);
}

/** What a person can act on, without a stack where the cause is known. */
function wordsOf(error: unknown): string {
  if (error instanceof WrongConfiguration)
    return ['The configuration is not right:', ...error.problems.map((p) => `  ${p}`)].join('\n');
  if (error instanceof RolesMissing) return `${error.message}\n\n${error.sql}\n`;
  if (
    error instanceof KeyMismatch ||
    error instanceof RoleUnknown ||
    error instanceof Stop ||
    error instanceof WrongBackup ||
    error instanceof EmbeddedAlreadyRunning
  )
    return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
