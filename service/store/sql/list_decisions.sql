-- $1 workspace, $2 from this day, $3 before this day, $4 before this number, $5 rows. Decisions about accounts, newest first, with what they were worth then, what they are worth now
-- (null: hidden), and revenue (minor units, by the review's source) and minutes of the 365 days behind the decision. Rows: at most $5. decision_by_day; primary keys.
SELECT d.id, d.organisation, o.name, d.decision, d.decided_by, d.reason, d.until, d.seller, d.margin_pct, d.day, d.decided_at, d.key_id, d.actor,
       d.tier, d.list, d.keep_score, d.revenue_12m, d.minutes_12m, s.revenue_12m, s.minutes_12m, w.day >= d.day + 365,
       (SELECT greatest(least(coalesce(sum(amount), 0), 9223372036854775807), -9223372036854775807)::bigint
          FROM revenue_day
         WHERE workspace_id = $1::bigint AND organisation = d.organisation AND source = r.revenue_source
           AND day > d.day AND day <= d.day + 365),
       (SELECT coalesce(sum(minutes), 0)::bigint
          FROM activity_day
         WHERE workspace_id = $1::bigint AND organisation = d.organisation AND day > d.day AND day <= d.day + 365)
  FROM workspace AS w
       JOIN decision AS d ON d.workspace_id = w.id
       LEFT JOIN organisation AS o ON o.workspace_id = d.workspace_id AND o.id = d.organisation AND NOT o.deleted
       LEFT JOIN standing_in_force AS s ON s.workspace_id = d.workspace_id AND s.organisation = d.organisation
       LEFT JOIN review AS r ON r.workspace_id = w.id AND r.number = w.review
 WHERE w.id = $1::bigint AND d.day >= $2::date AND d.day < $3::date AND d.id < $4::bigint
 ORDER BY d.id DESC
 LIMIT $5::bigint
