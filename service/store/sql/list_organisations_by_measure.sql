-- $1 workspace, $2 accounts or prospects, $3 rows, $4 sort (a measure, or - and a measure), $5 $6 behind this key and id; each null or to be equal: $7 tier, $8 list,
-- $9 status, $10 industry (folded), $11 region (folded), $12 verdict; $13 null, or prospects to be revisited before that day; $14 null, or whether they could become key.
-- Organisations in the order of a measure, those without it last. Rows: at most $3. standing as a whole.
SELECT true, false, s.key, '', o.id, w.day, w.policy, coalesce(w.review, 0),
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
  FROM (SELECT k.key, v.organisation AS id
          FROM standing AS v
               CROSS JOIN LATERAL (SELECT CASE $4::text
                    WHEN 'revenue_12m' THEN v.revenue_12m
                    WHEN '-revenue_12m' THEN -v.revenue_12m
                    WHEN 'potential' THEN coalesce(v.potential, 2147483647)
                    WHEN '-potential' THEN -coalesce(v.potential, -1)
                    WHEN 'engagement' THEN coalesce(v.engagement, 2147483647)
                    WHEN '-engagement' THEN -coalesce(v.engagement, -1)
                    WHEN '-fit' THEN -coalesce(v.fit_passed, -1)
                    ELSE 0
               END::bigint AS key) AS k
         WHERE v.workspace_id = $1::bigint AND v.edition = (SELECT edition FROM workspace WHERE id = $1::bigint) AND v.is_account = $2::boolean
           AND (k.key, v.organisation) > ($5::bigint, $6::text)
           AND ($7::text IS NULL OR v.tier = $7::text) AND ($8::text IS NULL OR v.list = $8::text)
           AND ($12::text IS NULL OR v.verdict = $12::text) AND ($14::boolean IS NULL OR v.could_become_key = $14::boolean)
           AND (($9::text IS NULL AND $10::text IS NULL AND $11::text IS NULL AND $13::date IS NULL)
                OR EXISTS (SELECT FROM organisation AS o
                            WHERE o.workspace_id = $1::bigint AND o.id = v.organisation
                              AND ($9::text IS NULL OR o.status = $9::text) AND ($10::text IS NULL OR o.industry_key = $10::text)
                              AND ($11::text IS NULL OR o.region_key = $11::text)
                              AND ($13::date IS NULL OR o.revisit_on < $13::date)))
         ORDER BY k.key, v.organisation
         LIMIT $3::bigint) AS s
       JOIN workspace AS w ON w.id = $1::bigint
       JOIN standing AS v ON v.workspace_id = $1::bigint AND v.organisation = s.id AND v.edition = w.edition
       JOIN organisation AS o ON o.workspace_id = $1::bigint AND o.id = s.id
       LEFT JOIN override AS x ON x.workspace_id = $1::bigint AND x.organisation = s.id AND x.until >= w.day
       LEFT JOIN assignment AS a ON a.workspace_id = $1::bigint AND a.organisation = s.id AND NOT o.is_account
 ORDER BY s.key, s.id
