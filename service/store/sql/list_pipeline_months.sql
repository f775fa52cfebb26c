-- $1 workspace, $2 seller, null: all together, $3 first month. Open amount and what of it was outside the sweet spot, as kept at the month's end, newest first. Rows: at most
-- one a month from $3 on. Primary key.
SELECT month, least(sum(open_amount), 9223372036854775807)::bigint, least(sum(outside), 9223372036854775807)::bigint
  FROM pipeline_month
 WHERE workspace_id = $1::bigint AND month >= $3::date AND ($2::text IS NULL OR seller = $2::text)
 GROUP BY month
 ORDER BY month DESC
