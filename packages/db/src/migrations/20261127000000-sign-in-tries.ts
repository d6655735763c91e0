import { Migration } from '@mikro-orm/migrations';
import { platformTable } from './ddl.ts';

/** Tries to sign in, counted for all processes together (H04). What is counted is a keyed hash: no address stands here. */
export class SignInTries extends Migration {
  override up(): void {
    for (const statement of [
      ...platformTable(
        'sign_in_tries',
        [
          'counted bytea primary key check (octet_length(counted) = 32)',
          'tries integer not null check (tries >= 0)',
          'window_ends timestamptz not null',
        ],
        { platform: 'select, insert, update (tries, window_ends), delete' },
      ),
      'create index sign_in_tries_over on sign_in_tries (window_ends)',
    ])
      this.addSql(statement);
  }
}
