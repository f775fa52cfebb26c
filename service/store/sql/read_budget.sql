-- $1 workspace, $2 first day of the fiscal year, $3 day. What the base of the year's let-go budget is made of, the most clients of a review of the year and those of the last review
-- before it, null where there is none, and the let-go decisions of the year by that day. Rows: one. Primary key of review; decision_by_day.
SELECT (SELECT max(clients) FROM review WHERE workspace_id = $1::bigint AND state = 'done' AND day >= $2::date AND day < ($2::date + interval '1 year')::date),
       (SELECT clients
          FROM review
         WHERE workspace_id = $1::bigint AND state = 'done' AND day < $2::date
         ORDER BY day DESC, number DESC
         LIMIT 1),
       (SELECT count(*)
          FROM decision
         WHERE workspace_id = $1::bigint AND day >= $2::date AND day <= $3::date AND decision = 'let_go')
