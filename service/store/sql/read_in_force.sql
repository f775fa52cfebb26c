-- $1 workspace. What is in force, and what is being prepared. Rows: one; none where there is no such workspace. Primary key.
SELECT day, policy, coalesce(review, 0), epoch, next_epoch, next_state, next_day, next_policy, coalesce(next_review, 0), secret,
       (SELECT true FROM erased WHERE workspace_id = $1::bigint ORDER BY workspace_id, kind, hmac LIMIT 1) IS NOT NULL, edition,
       (SELECT true FROM override WHERE workspace_id = $1::bigint ORDER BY workspace_id, organisation LIMIT 1) IS NOT NULL,
       (SELECT true FROM assignment WHERE workspace_id = $1::bigint ORDER BY workspace_id, organisation LIMIT 1) IS NOT NULL
  FROM workspace
 WHERE id = $1::bigint
