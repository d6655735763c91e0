import { type SiteTransaction, run, send, sql } from '../with-site.ts';

/** Gives things their present address in the site's first language (C1). The addresses must be free. */
export async function insertSlugs(
  tx: SiteTransaction,
  kind: 'product' | 'collection' | 'page',
  slugs: readonly { readonly slug: string; readonly targetId: string }[],
): Promise<void> {
  // The language is held until the addresses are there: it would move without them.
  const given = JSON.stringify(slugs.map(({ slug, targetId }) => ({ slug, target_id: targetId })));
  await run(
    tx,
    sql`insert into slugs (site_id, locale, kind, slug, target_id, is_current, created_at)
      select ${tx.siteId}, c.locale, ${kind}, g.slug, g.target_id, true, ${tx.at}
      from jsonb_to_recordset(${given}::jsonb) as g (slug text, target_id uuid), site_configurations c where c.site_id = ${tx.siteId} for share of c`,
  );
}

/** Moves every address from one language to another, in the transaction that changes the site's first language. */
export function moveSlugs(tx: SiteTransaction, from: string, to: string): void {
  send(tx, sql`update slugs set locale = ${to} where site_id = ${tx.siteId} and locale = ${from}`);
}
