-- $1 workspace, $2 accounts (true), $3 rows, $4 tier, $5 $6 behind this potential (hundredths) and id; each null or to be equal: $7 list, $8 status,
-- $9 industry (folded), $10 region (folded). Accounts of one tier by falling potential; what prospects alone have is null.
-- Looks at 2,000 at a time; one that does not fit comes only as the 2,000th, to go on from. Rows: at most $3.
-- standing_by_tier, then primary keys.
SELECT f.fits, v.n = 2000, -v.key::bigint, '', o.id, w.day, w.policy, coalesce(w.review, 0),
       o.is_account, o.name, o.seller, o.industry, o.region, o.country, o.employees, o.company_revenue, o.annual_potential,
       o.annual_potential_on, o.margin_pct, o.client_since, o.status, o.protected, o.expected_annual, o.access, o.problems,
       o.revisit_on, o.domain, o.attributes, o.stub,
       o.created_at, o.updated_at,
       v.margin_pct, v.tier, v.list, v.engagement, v.potential, v.keep_score, v.engagement_side, v.potential_side, v.could_become_key,
       v.verdict, v.expected_annual, v.size_source, v.fit_passed, v.fit_possible, v.findings, v.open_amount, v.largest_open, v.access,
       v.seller,
       v.seller_derived, v.revenue_12m, v.revenue_prior_12m, v.revenue_182, v.revenue_prior_182, v.margin_12m, v.minutes_12m, v.rhythm,
       v.orders, v.reach, v.inbound, v.directed, v.lines_12m,
       NULL::boolean,
       x.tier, x.list, x.reason, x.until, x.actor,
       NULL, NULL, NULL::boolean, NULL, NULL, NULL::timestamptz
  FROM (SELECT ranked.*, row_number() OVER (ORDER BY key, organisation) AS n
          FROM (SELECT -potential AS key, standing.*
                  FROM standing
                 WHERE workspace_id = $1::bigint AND edition = (SELECT edition FROM workspace WHERE id = $1::bigint) AND tier = $4::text
                   AND (-potential, organisation) > (-$5::bigint, $6::text)
                 ORDER BY key, organisation
                 LIMIT 2000) AS ranked) AS v
       JOIN workspace AS w ON w.id = $1::bigint
       CROSS JOIN LATERAL (SELECT * FROM organisation WHERE workspace_id = $1::bigint AND id = v.organisation OFFSET 0) AS o
       CROSS JOIN LATERAL (SELECT coalesce(v.is_account = $2::boolean
                                 AND ($7::text IS NULL OR v.list = $7::text)
                                 AND ($8::text IS NULL OR o.status = $8::text)
                                 AND ($9::text IS NULL OR o.industry_key = $9::text)
                                 AND ($10::text IS NULL OR o.region_key = $10::text), false) AS fits) AS f
       LEFT JOIN LATERAL (SELECT * FROM override WHERE workspace_id = $1::bigint AND organisation = o.id AND until >= w.day OFFSET 0) AS x ON true
 WHERE (f.fits OR v.n = 2000)
   -- Implied, and known before the join:
   AND (v.is_account = $2::boolean AND ($7::text IS NULL OR v.list = $7::text)
        OR v.n = 2000)
 ORDER BY v.key, v.organisation
 LIMIT $3::bigint
