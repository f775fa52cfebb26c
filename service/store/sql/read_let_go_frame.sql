-- $1 workspace, $2 first day of the fiscal year. What is in force, the base of the year's budget, the let-go decisions of the year so far, and revenue, margin and minutes of
-- all clients (edges of bigint). Rows: one. Primary keys; decision_by_day; standing as a whole.
SELECT w.epoch, w.day, w.policy, coalesce(w.review, 0),
       coalesce((SELECT max(clients)
                   FROM review
                  WHERE workspace_id = $1::bigint AND state = 'done' AND day >= $2::date AND day < ($2::date + interval '1 year')::date),
                (SELECT clients
                   FROM review
                  WHERE workspace_id = $1::bigint AND state = 'done' AND day < $2::date
                  ORDER BY day DESC, number DESC
                  LIMIT 1),
                0),
       (SELECT count(*)
          FROM decision
         WHERE workspace_id = $1::bigint AND day >= $2::date AND day <= w.day AND decision = 'let_go'),
       b.revenue_12m, b.margin_12m, b.minutes_12m
  FROM workspace AS w
       CROSS JOIN (SELECT least(coalesce(sum(revenue_12m), 0), 9223372036854775807)::bigint AS revenue_12m,
                          greatest(least(coalesce(sum(margin_12m), 0), 9223372036854775807), -9223372036854775807)::bigint AS margin_12m,
                          least(coalesce(sum(minutes_12m), 0), 9223372036854775807)::bigint AS minutes_12m
                     FROM standing_in_force
                    WHERE workspace_id = $1::bigint AND list IN ('key', 'secondary')) AS b
 WHERE w.id = $1::bigint
