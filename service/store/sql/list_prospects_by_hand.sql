-- $1 workspace, $2 rows, $3 sort (id, name, -fit), $4 $5 $6 behind this key, folded name and id, $7 what somebody has made of them: any, put on target, put on lead, or taken_off
-- either; each null or to be equal: $8 list, $9 status, $10 industry (folded), $11 region (folded), $12 verdict; $13 null, or to be revisited before that day; $14 seller in
-- force; $15 null, or prefix of the folded name. Prospects that are on a list, or on none, by hand, all of them sorted. Rows: at most $2. assignment's primary key, then primary keys.
SELECT true, false, k.key, k.name_key, o.id, w.day, w.policy, coalesce(w.review, 0),
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
  FROM assignment AS a
       JOIN workspace AS w ON w.id = $1::bigint
       CROSS JOIN LATERAL (SELECT * FROM organisation WHERE workspace_id = $1::bigint AND id = a.organisation AND NOT is_account OFFSET 0) AS o
       CROSS JOIN LATERAL (SELECT * FROM standing WHERE workspace_id = $1::bigint AND organisation = a.organisation AND edition = w.edition OFFSET 0) AS v
       CROSS JOIN LATERAL (SELECT CASE $3::text WHEN '-fit' THEN -coalesce(v.fit_passed, -1) ELSE 0 END::bigint AS key,
                                  CASE $3::text WHEN 'name' THEN coalesce(o.name_key, '') ELSE '' END AS name_key) AS k
       LEFT JOIN override AS x ON x.workspace_id = $1::bigint AND x.organisation = a.organisation AND x.until >= w.day
 WHERE a.workspace_id = $1::bigint AND (k.key, k.name_key, a.organisation) > ($4::bigint, $5::text, $6::text)
   AND CASE $7::text WHEN 'any' THEN true WHEN 'taken_off' THEN NOT a.is_on ELSE a.is_on AND a.list = $7::text END
   AND ($8::text IS NULL OR v.list = $8::text) AND ($9::text IS NULL OR o.status = $9::text)
   AND ($10::text IS NULL OR o.industry_key = $10::text) AND ($11::text IS NULL OR o.region_key = $11::text)
   AND ($12::text IS NULL OR v.verdict = $12::text) AND ($13::date IS NULL OR o.revisit_on < $13::date)
   AND ($14::text IS NULL OR v.seller = $14::text) AND ($15::text IS NULL OR starts_with(o.name_key, $15::text))
 ORDER BY k.key, k.name_key, a.organisation
 LIMIT $2::bigint
