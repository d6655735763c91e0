import { Migration } from '@mikro-orm/migrations';
import { ROLES } from '../roles.ts';

/**
 * Where an account is signed in, in words, and how all of it is ended at once: a session is of an epoch of its account and
 * opens nothing in another. What is told of a device and a place stands in the session alone, and goes with it.
 */
export class AccountSessions extends Migration {
  override up(): void {
    for (const statement of [
      'alter table admin_accounts add column session_epoch integer not null default 1 check (session_epoch > 0)',
      `alter table admin_sessions
        add column epoch integer not null default 1,
        add column device text not null default '',
        add column time_zone text not null default '',
        add column network text not null default ''`,
      'create index admin_sessions_over on admin_sessions (expires_at)',
      // No foreign key: sessions are forgotten after a while, and the log is kept.
      'alter table account_action_logs add column session_id uuid null',
      'create index account_action_logs_of_account on account_action_logs (admin_id, action_id)',
      `grant update (session_epoch) on admin_accounts to ${ROLES.platform}`,
      `grant update (epoch), delete on admin_sessions to ${ROLES.platform}`,
    ])
      this.addSql(statement);
  }
}
