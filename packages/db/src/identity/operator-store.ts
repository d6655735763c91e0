import type { OrderPrefix } from '@souk/domain/identity';
import type { AdminId } from '@souk/domain/shared';
import type { Database } from '../orm.ts';
import { platformRows } from '../platform.ts';
import { OPERATOR_STATEMENTS as S } from './operator-statements.ts';

/** Whether an account runs the installation. */
export const isOperator = async (db: Database, adminId: AdminId): Promise<boolean> =>
  (await platformRows(db, S.isOperator, [adminId])).length > 0;

/** The first of some prefixes that no site has; undefined when every one is taken. */
export async function findFreeOrderPrefix(
  db: Database,
  prefixes: readonly OrderPrefix[],
): Promise<OrderPrefix | undefined> {
  const [found] = await platformRows<{ prefix: OrderPrefix }>(db, S.freeOrderPrefix, [prefixes]);
  return found?.prefix;
}
