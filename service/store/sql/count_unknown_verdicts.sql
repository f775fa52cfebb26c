-- $1 workspace, $2 amount below which an estimated size is below a floor (minor units). Prospects whose verdict is unknown, by what their criteria found and whether
-- the size is what is missing. Rows: one for each that occurs: findings (null without criteria), size missing, prospects. standing_by_verdict.
SELECT findings, coalesce(size_source = 'estimate' AND expected_annual < $2::bigint, false), count(*)
  FROM standing
 WHERE workspace_id = $1::bigint AND edition = (SELECT edition FROM workspace WHERE id = $1::bigint) AND verdict = 'unknown'
 GROUP BY 1, 2
