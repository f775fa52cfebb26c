-- $1 workspace. How many accounts each tier holds now: a review is stale when the share of any has moved by more than 10 points since. Rows: at most four.
-- Primary key of standing, all of the workspace.
SELECT tier, count(*)
  FROM standing_in_force
 WHERE workspace_id = $1::bigint AND tier IS NOT NULL
 GROUP BY tier
