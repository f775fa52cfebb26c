-- $1 workspace, $2 accounts or prospects, $3 rows, $4 industry (folded), $5 behind this id; each null or to be equal: $6 tier, $7 list, $8 status, $9 region (folded), $10 verdict; $11 null, or prospects to be revisited before that day; $12 null, or whether they could become key.
-- Organisations of one industry by id. Looks at 2,000 at a time; one that does not fit comes only as the 2,000th, to go on from. Rows: at most $3.
-- organisation_by_industry, then primary keys.
SELECT f.fits, o.n = 2000, 0::bigint, '', o.id, w.day, w.policy, coalesce(w.review, 0),
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
  FROM (SELECT ranked.*, row_number() OVER (ORDER BY id) AS n
          FROM (SELECT *
                  FROM organisation
                 WHERE workspace_id = $1::bigint AND NOT deleted AND industry_key = $4::text AND id > $5::text
                 ORDER BY id
                 LIMIT 2000) AS ranked) AS o
       JOIN workspace AS w ON w.id = $1::bigint
       LEFT JOIN LATERAL (SELECT * FROM standing WHERE workspace_id = $1::bigint AND organisation = o.id AND edition = w.edition OFFSET 0) AS v ON true
       CROSS JOIN LATERAL (SELECT coalesce(v.is_account = $2::boolean
                                 AND ($6::text IS NULL OR v.tier = $6::text)
                                 AND ($7::text IS NULL OR v.list = $7::text)
                                 AND ($8::text IS NULL OR o.status = $8::text)
                                 AND ($9::text IS NULL OR o.region_key = $9::text)
                                 AND ($10::text IS NULL OR v.verdict = $10::text)
                                 AND ($11::date IS NULL OR o.revisit_on < $11::date)
                                 AND ($12::boolean IS NULL OR v.could_become_key = $12::boolean), false) AS fits) AS f
       LEFT JOIN LATERAL (SELECT * FROM override WHERE workspace_id = $1::bigint AND organisation = o.id AND until >= w.day OFFSET 0) AS x ON true
       LEFT JOIN LATERAL (SELECT * FROM assignment WHERE workspace_id = $1::bigint AND organisation = o.id AND NOT o.is_account OFFSET 0) AS a ON true
 WHERE (f.fits OR o.n = 2000)
   -- Implied, and known before the join:
   AND (($8::text IS NULL OR o.status = $8::text) AND ($9::text IS NULL OR o.region_key = $9::text)
        OR o.n = 2000)
 ORDER BY o.id
 LIMIT $3::bigint
