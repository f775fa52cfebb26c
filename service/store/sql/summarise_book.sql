-- $1 workspace. Counts and sums of everything that is not hidden: by tier, list and verdict, with status null; by status, with all else null. Sums end at the edges of bigint.
-- Rows: one for each that occurs; at least one, null behind the epoch where the book is empty. standing and organisation as a whole.
SELECT w.day, w.policy, coalesce(w.review, 0), w.epoch, b.is_account, b.status, b.tier, b.list, b.verdict, b.organisations, b.revenue_12m, b.minutes_12m
  FROM workspace AS w
       LEFT JOIN (SELECT is_account, NULL AS status, tier, list, verdict, count(*) AS organisations,
                         least(sum(revenue_12m), 9223372036854775807)::bigint AS revenue_12m,
                         least(sum(minutes_12m), 9223372036854775807)::bigint AS minutes_12m
                    FROM standing_in_force
                   WHERE workspace_id = $1::bigint
                   GROUP BY is_account, tier, list, verdict
                  UNION ALL
                  SELECT is_account, status, NULL, NULL, NULL, count(*), NULL, NULL
                    FROM organisation
                   WHERE workspace_id = $1::bigint AND NOT deleted
                   GROUP BY is_account, status) AS b ON true
 WHERE w.id = $1::bigint
