-- $1 workspace, $2 id. An organisation with its standing and override, what is in force, the end of its longest keep, its first revenue by the review's source, its contacts' personas, and of a prospect the second largest of its open deals, minor units. Rows: at most one.
-- Primary keys; decision_by_organisation, contact_by_organisation, deal_open, deal_by_closed.
SELECT w.day, w.policy, coalesce(w.review, 0), k.until, e.day, c.personas, d.amount,
       o.is_account, o.name, o.seller, o.industry, o.region, o.country, o.employees, o.company_revenue, o.annual_potential,
       o.annual_potential_on, o.margin_pct, o.client_since, o.status, o.protected, o.expected_annual, o.access, o.problems,
       o.revisit_on, o.domain, o.attributes, o.said, o.said_at, o.said_by, o.stamps, o.stub, o.deleted, o.version,
       o.created_at, o.updated_at,
       s.margin_pct, s.tier, s.list, s.engagement, s.potential, s.keep_score, s.engagement_side, s.potential_side, s.could_become_key,
       s.verdict, s.expected_annual, s.size_source, s.fit_passed, s.fit_possible, s.findings, s.open_amount, s.largest_open, s.access,
       s.seller,
       s.seller_derived, s.revenue_12m, s.revenue_prior_12m, s.revenue_182, s.revenue_prior_182, s.margin_12m, s.minutes_12m,
       s.rhythm, s.orders, s.reach, s.inbound, s.directed, s.lines_12m,
       CASE WHEN s.list IN ('target', 'lead')
            THEN is_over_cap($1::bigint, w.policy, w.edition, s.organisation, s.seller, s.list, s.fit_passed, s.expected_annual)
       END,
       x.tier, x.list, x.reason, x.until, x.actor,
       a.list, a.seller, a.is_on, a.reason, a.actor, a.at
  FROM workspace AS w
       JOIN organisation AS o ON o.workspace_id = w.id
       LEFT JOIN standing_in_force AS s ON s.workspace_id = w.id AND s.organisation = o.id
       LEFT JOIN review AS r ON r.workspace_id = w.id AND r.number = w.review
       LEFT JOIN LATERAL (SELECT max(until) AS until
                            FROM decision
                           WHERE workspace_id = $1::bigint AND organisation = o.id AND decision = 'keep') AS k ON true
       LEFT JOIN LATERAL (SELECT jsonb_agg(DISTINCT persona) AS personas
                            FROM contact
                           WHERE workspace_id = $1::bigint AND organisation = o.id AND persona IS NOT NULL AND NOT deleted) AS c ON true
       LEFT JOIN LATERAL (SELECT day
                            FROM revenue_day
                           WHERE workspace_id = $1::bigint AND organisation = o.id AND source = r.revenue_source AND day <= w.day
                             AND positive > 0
                           ORDER BY day
                           LIMIT 1) AS e ON true
       LEFT JOIN LATERAL (SELECT amount
                            FROM (SELECT amount
                                    FROM deal
                                   WHERE workspace_id = $1::bigint AND organisation = o.id AND stage = 'open' AND NOT deleted
                                     AND amount > 0 AND (opened_on IS NULL OR opened_on <= w.day)
                                  UNION ALL
                                  SELECT amount
                                    FROM deal
                                   WHERE workspace_id = $1::bigint AND organisation = o.id AND closed_on > w.day AND stage <> 'open'
                                     AND NOT deleted AND amount > 0 AND (opened_on IS NULL OR opened_on <= w.day)) AS open
                           WHERE NOT o.is_account
                           ORDER BY amount DESC
                          OFFSET 1
                           LIMIT 1) AS d ON true
       LEFT JOIN override AS x ON x.workspace_id = w.id AND x.organisation = o.id AND x.until >= w.day
       LEFT JOIN assignment AS a ON a.workspace_id = w.id AND a.organisation = o.id AND NOT o.is_account
 WHERE w.id = $1::bigint AND o.id = $2::text AND NOT o.deleted
