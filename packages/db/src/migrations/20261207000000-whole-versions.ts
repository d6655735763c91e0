import { Migration } from '@mikro-orm/migrations';
import { foreignKey } from './ddl.ts';

/**
 * A version has all its variants or does not exist (G5): its last one is there, each one follows the one before it, and so
 * down to the first. The version waits for the commit, because variants point to it as well.
 */
export class WholeVersions extends Migration {
  override up(): void {
    for (const statement of [
      'alter table product_version_variants add column prev_n integer null generated always as (nullif(n - 1, 0)) stored',
      `alter table product_version_variants add ${foreignKey('site_id, version_id, prev_n', 'product_version_variants (site_id, version_id, n)')}`,
      `alter table product_versions add constraint product_versions_last_variant ${foreignKey('site_id, version_id, variant_count', 'product_version_variants (site_id, version_id, n)', { deferred: true })}`,
    ])
      this.addSql(statement);
  }
}
