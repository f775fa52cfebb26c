-- $1 workspace, $2 organisation, $3 rows. The next so many organisations behind that one, with their standings in force. Rows: at most $3, in id order. Primary keys, one
-- look an organisation: a join would begin at the first one of the book, each time.
SELECT o.id, s.is_account, o.status, o.seller, o.employees, o.industry_key, o.annual_potential, o.annual_potential_on, o.margin_pct,
       o.expected_annual, o.revisit_on,
       s.margin_pct, s.tier, s.list, s.engagement, s.potential, s.keep_score, s.engagement_side, s.potential_side, s.could_become_key,
       s.verdict, s.expected_annual, s.size_source, s.fit_passed, s.fit_possible, s.findings, s.open_amount, s.largest_open, s.access,
       s.seller,
       s.seller_derived, s.revenue_12m, s.revenue_prior_12m, s.revenue_182, s.revenue_prior_182, s.margin_12m, s.minutes_12m,
       s.rhythm, s.orders, s.reach, s.inbound, s.directed, s.lines_12m
  FROM (SELECT *
          FROM standing
         WHERE workspace_id = $1::bigint AND organisation > $2::text AND edition = (SELECT edition FROM workspace WHERE id = $1::bigint)
         ORDER BY organisation
         LIMIT $3::bigint) AS s
       CROSS JOIN LATERAL (SELECT * FROM organisation WHERE workspace_id = $1::bigint AND id = s.organisation OFFSET 0) AS o
 ORDER BY s.organisation
