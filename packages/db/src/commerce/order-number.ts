import type { SiteId } from '@souk/domain/shared';
import type { Database } from '../orm.ts';
import { row, sql, withSite } from '../with-site.ts';

const BLOCK = 20;

/**
 * Gives out order numbers. Each process takes small blocks per site in a transaction of its own, so that a number never
 * makes one checkout wait for another; numbers may have gaps.
 */
export function orderNumbers(db: Database): (site: { siteId: SiteId; orderPrefix: string }) => Promise<string> {
  const blocks = new Map<SiteId, Promise<{ next: number; end: number }>>();
  const take = async (siteId: SiteId): Promise<{ next: number; end: number }> => {
    const taken = await withSite(db, siteId, (tx) =>
      row<{ end: number }>(
        tx,
        sql`update order_counters set next_number = next_number + ${BLOCK} where site_id = ${siteId} returning next_number as end`,
      ),
    );
    if (!taken) throw new Error('the site has no order counter');
    return { next: taken.end - BLOCK, end: taken.end };
  };
  return async function next(site): Promise<string> {
    const pending = blocks.get(site.siteId) ?? take(site.siteId);
    blocks.set(site.siteId, pending);
    let block: { next: number; end: number };
    try {
      block = await pending;
    } catch (error) {
      blocks.delete(site.siteId);
      throw error;
    }
    if (block.next >= block.end) {
      if (blocks.get(site.siteId) === pending) blocks.delete(site.siteId);
      return next(site);
    }
    const number = block.next;
    block.next += 1;
    return `${site.orderPrefix}-${number}`;
  };
}
