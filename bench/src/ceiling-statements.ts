/** The selects of the ceiling: what the same answers need, written as plainly as SQL allows. */
export const CEILING_STATEMENTS = {
  product: `select p.product_id, s.slug, v.title, v.short_description, v.detailed_description, v.inclusion_details, v.exclusion_details, v.option_names,
      (select coalesce(json_agg(json_build_object('hash', m.content_hash, 'alt', m.alt) order by pm.n), '[]') from product_media pm
        join media m on m.site_id = pm.site_id and m.media_id = pm.media_id where pm.site_id = $1 and pm.product_id = p.product_id and m.status = 'ready') as images,
      (select json_agg(json_build_object('variantId', x.variant_id, 'options', x.options, 'sku', x.sku, 'price', x.price, 'compareAt', x.compare_at, 'available', l.on_hand - l.reserved) order by x.n)
        from product_version_variants x join inventory_levels l on l.site_id = x.site_id and l.variant_id = x.variant_id
        where x.site_id = $1 and x.version_id = v.version_id) as variants
    from slugs s join products p on p.site_id = s.site_id and p.product_id = s.target_id
    join product_versions v on v.site_id = p.site_id and v.product_id = p.product_id and v.is_published
    where s.site_id = $1 and s.kind = 'product' and s.slug = $2 and p.status = 'published' and p.visibility = 'visible'`,
  list: `select p.product_id, s.slug, v.title, v.short_description, p.price_from, p.price_to,
      (select sum(l.on_hand - l.reserved) from variants x join inventory_levels l on l.site_id = x.site_id and l.variant_id = x.variant_id where x.site_id = $1 and x.product_id = p.product_id) as available,
      (select m.content_hash from product_media pm join media m on m.site_id = pm.site_id and m.media_id = pm.media_id where pm.site_id = $1 and pm.product_id = p.product_id and m.status = 'ready' order by pm.n limit 1) as image
    from products p join product_versions v on v.site_id = p.site_id and v.product_id = p.product_id and v.is_published
    join slugs s on s.site_id = p.site_id and s.kind = 'product' and s.target_id = p.product_id and s.is_current
    where p.site_id = $1 and p.status = 'published' and p.visibility = 'visible' order by p.published_at desc, p.product_id desc limit 20`,
  orders: `select o.order_id, o.order_number, o.status, o.mode, o.currency, o.total_amount, o.created_at, a.name,
      (select sum(quantity) from order_items i where i.site_id = o.site_id and i.order_id = o.order_id and i.revision = o.revision) as pieces,
      (select count(*) from payment_exceptions x where x.site_id = o.site_id and x.order_id = o.order_id and x.status = 'open') as exceptions
    from orders o left join order_parties a on a.site_id = o.site_id and a.order_id = o.order_id and a.kind = 'shipping'
    where o.site_id = $1 order by o.order_id desc limit 50`,
} as const;
