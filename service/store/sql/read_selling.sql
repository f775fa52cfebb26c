-- $1 workspace. What the active sellers have to make in a year, and in which time. Rows: one: whether both figures are known of each and there is any, weekly hours of all (hundredths),
-- quotas of all (minor units, at most what a bigint holds). All sellers of the workspace.
SELECT count(*) > 0 AND bool_and(weekly_hours IS NOT NULL AND quota IS NOT NULL), coalesce(sum(weekly_hours), 0)::bigint,
       least(coalesce(sum(quota), 0), 9223372036854775807)::bigint
  FROM seller
 WHERE workspace_id = $1::bigint AND active AND NOT deleted
