-- $1 workspace. A flip under way: what it brings, and how many of the book's organisations it has written; none are while it is computed. Rows: one; none where nothing is under
-- way. Primary key of standing, all of the workspace.
SELECT w.next_state, w.next_day, w.next_policy, coalesce(w.next_review, 0),
       CASE WHEN w.next_state = 'writing'
            THEN (SELECT count(*) FROM standing WHERE workspace_id = $1::bigint AND edition = w.next_epoch)
            ELSE 0 END,
       (SELECT count(*) FROM standing WHERE workspace_id = $1::bigint AND edition = w.edition)
  FROM workspace AS w
 WHERE w.id = $1::bigint AND w.next_epoch IS NOT NULL
