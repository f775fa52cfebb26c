-- $1 workspace, $2 rows, $3 $4 behind this potential (hundredths, negative; 1 for none) and id; each null or to be equal: $5 tier, $6 list, $7 status, $8 industry
-- (folded), $9 region (folded). Secondaries that could become key by falling potential, those without one last.
-- Looks at 2,000 at a time; one that does not fit comes only as the 2,000th, to go on from. Rows: at most $2.
-- standing_could_become_key, then primary keys.
SELECT f.fits, v.n = 2000, v.key::bigint, '', o.id, w.day, w.policy, coalesce(w.review, 0),
       o.is_account, o.name, o.seller, o.industry, o.region, o.country, o.employees, o.company_revenue, o.annual_potential,
       o.annual_potential_on, o.margin_pct, o.client_since, o.status, o.protected, o.expected_annual, o.access, o.problems,
       o.revisit_on, o.domain, o.attributes, o.stub,
       o.created_at, o.updated_at,
       v.margin_pct, v.tier, v.list, v.engagement, v.potential, v.keep_score, v.engagement_side, v.potential_side, v.could_become_key,
       v.verdict, v.expected_annual, v.size_source, v.fit_passed, v.fit_possible, v.findings, v.open_amount, v.largest_open, v.access,
       v.seller,
       v.seller_derived, v.revenue_12m, v.revenue_prior_12m, v.revenue_182, v.revenue_prior_182, v.margin_12m, v.minutes_12m, v.rhythm,
       v.orders, v.reach, v.inbound, v.directed, v.lines_12m,
       CASE WHEN v.list IN ('target', 'lead')
            THEN is_over_cap($1::bigint, w.policy, w.edition, v.organisation, v.seller, v.list, v.fit_passed, v.expected_annual)
       END,
       x.tier, x.list, x.reason, x.until, x.actor,
       a.list, a.seller, a.is_on, a.reason, a.actor, a.at
  FROM (SELECT ranked.*, row_number() OVER (ORDER BY key, organisation) AS n
          FROM (SELECT -coalesce(potential, -1) AS key, standing.*
                  FROM standing
                 WHERE workspace_id = $1::bigint AND edition = (SELECT edition FROM workspace WHERE id = $1::bigint) AND could_become_key
                   AND (-coalesce(potential, -1), organisation) > ($3::bigint, $4::text)
                 ORDER BY key, organisation
                 LIMIT 2000) AS ranked) AS v
       JOIN workspace AS w ON w.id = $1::bigint
       CROSS JOIN LATERAL (SELECT * FROM organisation WHERE workspace_id = $1::bigint AND id = v.organisation OFFSET 0) AS o
       CROSS JOIN LATERAL (SELECT coalesce(($5::text IS NULL OR v.tier = $5::text)
                                 AND ($6::text IS NULL OR v.list = $6::text)
                                 AND ($7::text IS NULL OR o.status = $7::text)
                                 AND ($8::text IS NULL OR o.industry_key = $8::text)
                                 AND ($9::text IS NULL OR o.region_key = $9::text), false) AS fits) AS f
       LEFT JOIN LATERAL (SELECT * FROM override WHERE workspace_id = $1::bigint AND organisation = o.id AND until >= w.day OFFSET 0) AS x ON true
       LEFT JOIN LATERAL (SELECT * FROM assignment WHERE workspace_id = $1::bigint AND organisation = o.id AND NOT o.is_account OFFSET 0) AS a ON true
 WHERE (f.fits OR v.n = 2000)
   -- Implied, and known before the join:
   AND (($5::text IS NULL OR v.tier = $5::text) AND ($6::text IS NULL OR v.list = $6::text)
        OR v.n = 2000)
 ORDER BY v.key, v.organisation
 LIMIT $2::bigint
