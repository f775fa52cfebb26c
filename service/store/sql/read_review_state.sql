-- $1 workspace, $2 review. Rows: one; none where there is no such review. Primary key.
SELECT state, failure
  FROM review
 WHERE workspace_id = $1::bigint AND number = $2::integer
