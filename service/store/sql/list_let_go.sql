-- $1 workspace, $2 accounts. A page of the let-go list: accounts with what is said of each, in the order of $2; hidden ones are left out. Rows: at most one an account. Primary keys.
SELECT w.epoch, s.organisation, coalesce(s.keep_score, 0), o.name, s.seller, s.tier, s.list, coalesce(s.engagement, 0), coalesce(s.potential, 0),
       s.engagement_side, s.potential_side, s.revenue_12m, s.revenue_prior_12m, s.revenue_182, s.revenue_prior_182, s.margin_12m, s.minutes_12m,
       s.rhythm, s.orders, s.reach, s.inbound, s.directed, s.lines_12m,
       x.tier, x.list, x.reason, x.until, x.actor
  FROM unnest($2::text[]) WITH ORDINALITY AS page (id, n)
       JOIN workspace AS w ON w.id = $1::bigint
       JOIN standing AS s ON s.workspace_id = $1::bigint AND s.organisation = page.id AND s.edition = w.edition
       JOIN organisation AS o ON o.workspace_id = $1::bigint AND o.id = page.id
       LEFT JOIN override AS x ON x.workspace_id = $1::bigint AND x.organisation = page.id AND x.until >= w.day
 ORDER BY page.n
