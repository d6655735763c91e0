import { Migration } from '@mikro-orm/migrations';
import { ROLES } from '../roles.ts';

/**
 * When whoever has a session last proved who they are (I7). A new proof comes with a new token. A session made by the
 * release before, which says nothing of it, has never proved anything.
 */
export class ProvedSessions extends Migration {
  override up(): void {
    for (const statement of [
      "alter table admin_sessions add column proved_at timestamptz not null default '-infinity'",
      'update admin_sessions set proved_at = created_at',
      `grant update (proved_at, token_hash) on admin_sessions to ${ROLES.platform}`,
    ])
      this.addSql(statement);
  }
}
