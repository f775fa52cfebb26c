-- $1 workspace, $2 seller, who is locked, $3 list, $4 prospect, $5 another one that is to leave or null. Whether there is such a seller, and an active one, how many places the list has
-- and how many of them others than these two take; of these the weakest: id, name, expected annual amount, all null where there is none. Rows: one. Primary keys; standing_by_cap, assignment_by_seller.
WITH others AS MATERIALIZED (
	SELECT l.organisation, l.fit_passed, l.expected_annual
	  FROM workspace AS w
	       CROSS JOIN LATERAL list_of_seller($1::bigint, $2::text, $3::text, w.edition, cap_of($1::bigint, w.policy, $3::text)) AS l
	 WHERE w.id = $1::bigint AND l.organisation <> $4::text AND l.organisation IS DISTINCT FROM $5::text
)
SELECT EXISTS (SELECT FROM seller WHERE workspace_id = $1::bigint AND id = $2::text AND NOT deleted),
       EXISTS (SELECT FROM seller WHERE workspace_id = $1::bigint AND id = $2::text AND active),
       cap_of($1::bigint, w.policy, $3::text), (SELECT count(*) FROM others), last.organisation, o.name, last.expected_annual
  FROM workspace AS w
       LEFT JOIN LATERAL (SELECT organisation, expected_annual
                            FROM others
                           ORDER BY -coalesce(fit_passed, -1) DESC, -coalesce(expected_annual, -1) DESC, organisation DESC
                           LIMIT 1) AS last ON true
       LEFT JOIN organisation AS o ON o.workspace_id = $1::bigint AND o.id = last.organisation
 WHERE w.id = $1::bigint
