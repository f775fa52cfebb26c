-- $1 workspace, $2 day. What the book as a whole has recorded by that day, by line. Rows: one a source and line: whether it comes from revenue entries, the
-- folded line or null, the first day with revenue above 0 (won deals: the day they closed) or null. Whole tables of the workspace.
WITH hidden AS MATERIALIZED (
	SELECT id
	  FROM organisation
	 WHERE workspace_id = $1::bigint AND deleted
)
SELECT true, line_key, min(day) FILTER (WHERE amount > 0)
  FROM revenue
 WHERE workspace_id = $1::bigint AND day <= $2::date AND NOT deleted
   AND NOT EXISTS (SELECT FROM hidden WHERE id = organisation)
 GROUP BY line_key
 UNION ALL
SELECT false, line_key, min(closed_on) FILTER (WHERE stage = 'won' AND amount > 0 AND closed_on <= $2::date)
  FROM deal
 WHERE workspace_id = $1::bigint AND NOT deleted AND (opened_on IS NULL OR opened_on <= $2::date)
   AND (stage = 'open' OR closed_on IS NOT NULL)
   AND NOT EXISTS (SELECT FROM hidden WHERE id = organisation)
 GROUP BY line_key
