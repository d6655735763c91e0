import { Migration } from '@mikro-orm/migrations';
import { ROLES } from '../roles.ts';
import { foreignKey } from './ddl.ts';

/**
 * A level is what its newest movement says (O5). Each movement names the one after it, 0 while there is none, and one can
 * only follow a movement that names it; the level points to the movement that names none. The number is all of a movement
 * that can change.
 */
export class LastMovement extends Migration {
  override up(): void {
    const target = 'inventory_movements (site_id, variant_id, location_id, n, on_hand, next_n)';
    for (const statement of [
      'alter table inventory_levels drop constraint inventory_levels_site_id_variant_id_location_id_last_movem_fkey',
      'alter table inventory_movements drop constraint inventory_movements_site_id_variant_id_location_id_prev_n__fkey',
      'alter table inventory_movements drop constraint inventory_movements_site_id_variant_id_location_id_n_on_han_key',
      'alter table inventory_movements add column next_n integer not null default 0',
      `update inventory_movements m set next_n = m.n + 1 from inventory_movements f
        where f.site_id = m.site_id and f.variant_id = m.variant_id and f.location_id = m.location_id and f.n = m.n + 1`,
      'alter table inventory_movements add constraint inventory_movements_sum_and_next unique (site_id, variant_id, location_id, n, on_hand, next_n)',
      `alter table inventory_movements add constraint inventory_movements_follows ${foreignKey('site_id, variant_id, location_id, prev_n, prev_on_hand, n', target)}`,
      'alter table inventory_levels add column after_last integer null generated always as (0) stored',
      `alter table inventory_levels add constraint inventory_levels_last_movement ${foreignKey('site_id, variant_id, location_id, last_movement, on_hand, after_last', target)}`,
      `grant update (next_n) on inventory_movements to ${ROLES.app}`,
    ])
      this.addSql(statement);
  }
}
