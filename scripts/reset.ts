import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { findRunning } from '@souk/db/embedded';
import pg from 'pg';
import { Stop, openInstallation, openServer } from './installation.ts';

/** Drops everything the owner has in the database, and the files that belong to it. */
export async function recreateDatabase(ownerUrl: string, home: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('drop schema if exists jobs cascade');
    const { rows } = await client.query<{ drop: string }>(
      `select format('drop table %I.%I cascade', schemaname, tablename) as drop from pg_tables where schemaname = 'public' and tableowner = current_user
       union all select format('drop function %s cascade', p.oid::regprocedure) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where n.nspname = 'public' and pg_get_userbyid(p.proowner) = current_user`,
    );
    for (const { drop } of rows) await client.query(drop);
  } finally {
    await client.end();
  }
  for (const name of ['demo.json', 'uploads', 'mail', 'sandbox-provider.jsonl'])
    rmSync(join(home, name), { recursive: true, force: true });
}

/** `npm run reset`: asks, then empties the database. `--yes` answers beforehand. */
export async function reset(words: readonly string[]): Promise<number> {
  const { environment } = openInstallation();
  if (environment.mode === 'production') {
    process.stderr.write(
      'Souk runs in production mode here: reset is refused. Make a backup and drop the database by hand if you mean it.\n',
    );
    return 1;
  }
  const running = findRunning({ home: environment.home });
  if (running && !running.isOrphan) {
    throw new Stop('Souk is running from this folder. Stop it first (Ctrl-C where it runs), then reset.');
  }
  if (!words.includes('--yes')) {
    if (!process.stdin.isTTY) {
      process.stderr.write('Nobody can be asked here. Say yes beforehand: npm run reset -- --yes\n');
      return 1;
    }
    const ask = createInterface({ input: process.stdin, output: process.stdout });
    const answer = await ask.question(
      `This deletes every site, order and picture of ${environment.home}. Type "reset" to go on: `,
    );
    ask.close();
    if (answer.trim() !== 'reset') {
      process.stdout.write('Nothing was changed.\n');
      return 1;
    }
  }
  const server = await openServer(environment.home);
  try {
    if (!server.ownerUrl) throw new Stop('DATABASE_URL is missing: only the owner can reset.');
    await recreateDatabase(server.ownerUrl, environment.home);
    process.stdout.write('Everything is gone. `npm start` makes it new.\n');
    return 0;
  } finally {
    await server.stop();
  }
}
