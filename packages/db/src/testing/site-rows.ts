import { type SiteStatus, siteSteps } from '@souk/domain/identity';
import type pg from 'pg';

/** A statement that makes the row of a site, with the first row of its log, as the owner: values are texts of SQL. */
export const siteRow = (siteId: string, handle: string, prefix: string, name = "'S'"): string =>
  `with made as (insert into sites (site_id, name, status, handle, order_prefix, created_at, updated_at)
      values (${siteId}, ${name}, 'active', ${handle}, ${prefix}, now(), now()) returning site_id)
    insert into site_transitions (site_id, n, transition_id, from_state, to_state, triggered_by, actor_kind, reason_code, "timestamp")
      select site_id, 1, gen_random_uuid(), 'created', 'active', 'system', 'system', 'made', now() from made`;

/** Leads a site to a status as the owner, by steps that its table allows. @throws where none lead there. */
export async function standSite(owner: pg.ClientBase, siteId: string, to: SiteStatus): Promise<void> {
  const { rows } = await owner.query<{ status: SiteStatus; n: number }>(
    'select status, last_transition as n from sites where site_id = $1',
    [siteId],
  );
  const [site] = rows;
  if (!site) throw new Error(`there is no site ${siteId}`);
  for (const [i, step] of wayTo(site.status, to).entries()) {
    const n = site.n + i + 1;
    await owner.query(
      `with moved as (update sites set status = $3, last_transition = $2 where site_id = $1 returning site_id),
          followed as (update site_transitions t set next_n = $2 from moved where t.site_id = moved.site_id and t.n = $2 - 1)
        insert into site_transitions (site_id, n, transition_id, from_state, to_state, triggered_by, actor_kind, actor_id, reason_code, "timestamp")
        select site_id, $2, gen_random_uuid(), $4, $3, $5, 'system', null, 'other', now() from moved`,
      [siteId, n, step.to, step.from, step.by],
    );
  }
}

type Step = ReturnType<typeof siteSteps>[number];

/** The shortest way from a status to another. */
function wayTo(from: SiteStatus, to: SiteStatus): readonly Step[] {
  let ways: readonly (readonly Step[])[] = [[]];
  for (let length = 0; length < 5; length += 1) {
    const there = ways.find((way) => (way.at(-1)?.to ?? from) === to);
    if (there) return there;
    ways = ways.flatMap((way) =>
      siteSteps()
        .filter((step) => step.from === (way.at(-1)?.to ?? from))
        .map((step) => [...way, step]),
    );
  }
  throw new Error(`no steps lead from ${from} to ${to}`);
}
