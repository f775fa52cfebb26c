-- $1 workspace, $2 review, $3 accounts whose tier or list changed. Rows: none. Primary key.
UPDATE review
   SET state = 'done', done_at = clock_timestamp(), changed = $3::bigint
 WHERE workspace_id = $1::bigint AND number = $2::integer
