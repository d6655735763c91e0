-- Queries that must find nothing. Each is named after the invariant it looks for; each returns the rows that break it.
-- Run by `npm run doctor` on a live database, and by tests after everything that moves orders, money or stock.

-- name: G5 version whose variants are not complete
select v.site_id, v.version_id, v.variant_count, count(x.n) as found from product_versions v
left join product_version_variants x on x.site_id = v.site_id and x.version_id = v.version_id
group by v.site_id, v.version_id, v.variant_count having count(x.n) <> v.variant_count;

-- name: G5 seal whose rows are not complete
select s.site_id, s.n from activity_seals s
where s.leaf_count <> (select count(*) from activity_seal_leaves l where l.site_id = s.site_id and l.n = s.n);

-- name: G5 revision whose items or adjustments are not complete
select r.site_id, r.order_id, r.revision from order_revisions r
where r.item_count <> (select count(*) from order_items i where i.site_id = r.site_id and i.order_id = r.order_id and i.revision = r.revision)
   or r.adjustment_count <> (select count(*) from order_adjustments a where a.site_id = r.site_id and a.order_id = r.order_id and a.revision = r.revision);

-- name: C2 P1 product whose status and published version disagree
select p.site_id, p.product_id, p.status from products p
where (p.status = 'published') <> exists (select 1 from product_versions v where v.site_id = p.site_id and v.product_id = p.product_id and v.is_published);

-- name: C3 product whose title is not that of its published version
select p.site_id, p.product_id from products p join product_versions v on v.site_id = p.site_id and v.product_id = p.product_id and v.is_published
where p.title <> v.title or p.short_description <> v.short_description;

-- name: O1 AU2 order that is not where the end of its log says
select o.site_id, o.order_id, o.status, o.last_transition from orders o
where o.last_transition <> (select max(n) from order_state_transition_logs l where l.site_id = o.site_id and l.order_id = o.order_id)
   or o.status <> (select to_state from order_state_transition_logs l where l.site_id = o.site_id and l.order_id = o.order_id order by n desc limit 1);

-- name: O1 log with a gap
select site_id, order_id from order_state_transition_logs group by site_id, order_id having max(n) <> count(*) or min(n) <> 1;

-- name: O2 confirmed order without evidence that covers it
select o.site_id, o.order_id, o.order_number from orders o
where o.status in ('confirmed', 'on_hold', 'processing', 'completed')
  and coalesce((select max(covered) from payment_evidence e where e.site_id = o.site_id and e.order_id = o.order_id and e.mode = o.mode and e.currency = o.currency), -1) < o.total_amount;

-- name: O2 evidence that is more than what the provider captured
select e.site_id, e.order_id from payment_evidence e where e.kind = 'provider_entry'
group by e.site_id, e.order_id
having sum(e.amount) <> (select coalesce(sum(p.amount), 0) from payment_entries p join payment_evidence x on x.site_id = p.site_id and x.entry_id = p.entry_id
  where p.site_id = e.site_id and p.order_id = e.order_id and p.kind = 'captured');

-- name: O3 captured money of the order's own kind that is no evidence
select p.site_id, p.entry_id from payment_entries p join orders o on o.site_id = p.site_id and o.order_id = p.order_id
where p.kind = 'captured' and p.currency = o.currency and p.mode = o.mode
  and not exists (select 1 from payment_evidence e where e.site_id = p.site_id and e.entry_id = p.entry_id);

-- name: O3 money of another currency or mode that waits for nobody
select p.site_id, p.entry_id from payment_entries p join orders o on o.site_id = p.site_id and o.order_id = p.order_id
where p.kind = 'captured' and (p.currency <> o.currency or p.mode <> o.mode)
  and not exists (select 1 from payment_exceptions x where x.site_id = p.site_id and x.entry_id = p.entry_id);

-- name: O5 level that is not the sum of its movements
select l.site_id, l.variant_id, l.location_id from inventory_levels l
where l.on_hand <> (select coalesce(sum(delta), 0) from inventory_movements m where m.site_id = l.site_id and m.variant_id = l.variant_id and m.location_id = l.location_id);

-- name: O5 reserved pieces that are not what orders hold
select l.site_id, l.variant_id, l.reserved from inventory_levels l
where l.reserved <> (select coalesce(sum(r.quantity), 0) from stock_reservations r
  where r.site_id = l.site_id and r.variant_id = l.variant_id and r.location_id = l.location_id and r.status = 'held');

-- name: O5 order that waits or is confirmed without its goods held
select o.site_id, o.order_id, o.status from orders o
where o.status in ('pending_payment', 'payment_authorized', 'confirmed', 'on_hold', 'processing')
  and (select coalesce(sum(r.quantity), 0) from stock_reservations r where r.site_id = o.site_id and r.order_id = o.order_id and r.status = 'held')
    <> (select sum(i.quantity) from order_items i where i.site_id = o.site_id and i.order_id = o.order_id and i.revision = o.revision);

-- name: O5 dead order that still holds goods
select o.site_id, o.order_id from orders o join stock_reservations r on r.site_id = o.site_id and r.order_id = o.order_id and r.status = 'held'
where o.status in ('payment_failed', 'cancelled', 'expired', 'completed');

-- name: O5 converted cart without an order, or an order from a cart that is not converted
select k.site_id, k.cart_id from carts k left join orders o on o.site_id = k.site_id and o.cart_id = k.cart_id
where (k.status = 'converted') <> (o.order_id is not null);

-- name: O6 revision whose columns are not the sum of its rows
select r.site_id, r.order_id, r.revision from order_revisions r
where r.items <> (select sum(i.quantity * i.price_snapshot) from order_items i where i.site_id = r.site_id and i.order_id = r.order_id and i.revision = r.revision)
   or r.discount <> (select coalesce(sum(a.amount), 0) from order_adjustments a where a.site_id = r.site_id and a.order_id = r.order_id and a.revision = r.revision and a.kind in ('discount', 'negotiated'));

-- name: O3 entry whose notice or payment is of another configuration
select p.site_id, p.entry_id from payment_entries p
join payments y on y.site_id = p.site_id and y.payment_id = p.payment_id
join webhook_event_logs w on w.site_id = p.site_id and w.webhook_event_id = p.webhook_event_id
where y.config_id <> w.config_id;

-- name: O3 ended order whose money waits for nobody
select o.site_id, o.order_id from orders o where o.status in ('cancelled', 'expired')
  and exists (select 1 from payment_evidence e where e.site_id = o.site_id and e.order_id = o.order_id and e.covered > 0)
  and not exists (select 1 from payment_exceptions x where x.site_id = o.site_id and x.order_id = o.order_id);

-- name: O2 parcel of an order that was never confirmed
select f.site_id, f.fulfilment_id from fulfilments f
where f.status not in ('pending', 'cancelled') and not exists (
  select 1 from order_state_transition_logs l where l.site_id = f.site_id and l.order_id = f.order_id and l.to_state = 'confirmed');

-- name: I3 site without an active owner
select s.site_id from sites s where s.status in ('active', 'suspended') and not exists (
  select 1 from admin_site_memberships m join roles r on r.site_id = m.site_id and r.role_id = m.role_id where m.site_id = s.site_id and m.status = 'active' and r.role_name = 'owner');
