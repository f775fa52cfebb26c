-- $1 workspace, $2 day, $3 another day. Organisations whose override is in force on one of the two alone, with their standings in force and that override as the history has
-- it. Rows: one each, in id order. override_by_until; primary keys.
SELECT o.id, s.is_account, o.status, o.seller, o.employees, o.industry_key, o.annual_potential, o.annual_potential_on, o.margin_pct,
       o.expected_annual, o.revisit_on,
       s.margin_pct, s.tier, s.list, s.engagement, s.potential, s.keep_score, s.engagement_side, s.potential_side, s.could_become_key,
       s.verdict, s.expected_annual, s.size_source, s.fit_passed, s.fit_possible, s.findings, s.open_amount, s.largest_open, s.access,
       s.seller,
       s.seller_derived, s.revenue_12m, s.revenue_prior_12m, s.revenue_182, s.revenue_prior_182, s.margin_12m, s.minutes_12m,
       s.rhythm, s.orders, s.reach, s.inbound, s.directed, s.lines_12m,
       x.shown
  FROM override_shown AS x
       JOIN organisation AS o ON o.workspace_id = x.workspace_id AND o.id = x.organisation
       JOIN standing_in_force AS s ON s.workspace_id = x.workspace_id AND s.organisation = x.organisation
 WHERE x.workspace_id = $1::bigint AND x.until >= least($2::date, $3::date) AND x.until < greatest($2::date, $3::date)
 ORDER BY o.id
