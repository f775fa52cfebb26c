-- $1 workspace, $2 seller, $3 rows of each list. A seller's lists: of key and secondary those with the most revenue first, then by id; of target and lead whom somebody put there,
-- then by fit, expected annual amount and id. Rows: at least one a list where there is such a seller, null behind the cap where it is empty: what is in force, list, cap, how many
-- there are (of target and lead: are shown), then its members with their overrides. Primary keys; standing_by_seller, standing_by_cap, assignment_by_seller.
SELECT w.day, w.policy, coalesce(w.review, 0), kind.list, CASE WHEN kind.list IN ('target', 'lead') THEN cap_of($1::bigint, w.policy, kind.list) END,
       l.there, l.organisation, o.name, l.by_hand, l.verdict, l.fit_passed, l.expected_annual, l.tier, l.revenue_12m,
       x.tier, x.list, x.reason, x.until, x.actor
  FROM workspace AS w
       JOIN seller AS s ON s.workspace_id = w.id AND s.id = $2::text AND NOT s.deleted
       CROSS JOIN (VALUES (1, 'key'), (2, 'secondary'), (3, 'target'), (4, 'lead')) AS kind (n, list)
       LEFT JOIN LATERAL ((SELECT organisation, count(*) OVER () AS there, false AS by_hand, NULL AS verdict, NULL::integer AS fit_passed,
                                  NULL::bigint AS expected_annual, tier, revenue_12m
                             FROM standing
                            WHERE workspace_id = $1::bigint AND edition = w.edition AND seller = $2::text AND list = kind.list AND is_account
                            ORDER BY -revenue_12m, organisation
                            LIMIT $3::bigint)
                          UNION ALL
                          (SELECT organisation, count(*) OVER () AS there, by_hand, verdict, fit_passed, expected_annual, NULL, NULL
                             FROM list_of_seller($1::bigint, $2::text, kind.list, w.edition, $3::bigint))) AS l ON true
       LEFT JOIN organisation AS o ON o.workspace_id = $1::bigint AND o.id = l.organisation
       LEFT JOIN override AS x ON x.workspace_id = $1::bigint AND x.organisation = l.organisation AND x.until >= w.day AND o.is_account
 WHERE w.id = $1::bigint
 ORDER BY kind.n, -l.revenue_12m, NOT l.by_hand, -coalesce(l.fit_passed, -1), -coalesce(l.expected_annual, -1), l.organisation
