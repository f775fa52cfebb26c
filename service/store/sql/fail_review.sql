-- $1 workspace, $2 review, $3 why. Rows: none. Primary key.
UPDATE review
   SET state = 'failed', failure = $3::text
 WHERE workspace_id = $1::bigint AND number = $2::integer
