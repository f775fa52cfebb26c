-- $1 workspace, $2 seller, $3 rows of each list. Their target and lead lists: whom somebody put there, then by fit, expected annual amount and id. Rows: at least one where there is such
-- a seller, null behind the fourth column where a list is empty: what is in force, list, cap, then prospects. Primary keys; standing_by_cap, assignment_by_seller.
SELECT w.day, w.policy, coalesce(w.review, 0), kind.list, cap_of($1::bigint, w.policy, kind.list), l.organisation, o.name, l.by_hand, l.verdict,
       l.fit_passed, l.expected_annual
  FROM workspace AS w
       JOIN seller AS s ON s.workspace_id = w.id AND s.id = $2::text AND NOT s.deleted
       CROSS JOIN (VALUES ('target'), ('lead')) AS kind (list)
       LEFT JOIN LATERAL list_of_seller($1::bigint, $2::text, kind.list, w.edition, $3::bigint) AS l ON true
       LEFT JOIN organisation AS o ON o.workspace_id = $1::bigint AND o.id = l.organisation
 WHERE w.id = $1::bigint
 ORDER BY kind.list DESC, NOT l.by_hand, -coalesce(l.fit_passed, -1), -coalesce(l.expected_annual, -1), l.organisation
