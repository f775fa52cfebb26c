-- $1 workspace, $2 review, $3 day, $4 policy. Rows: who asked for it. Primary key.
UPDATE review
   SET state = 'computing', day = $3::date, policy = $4::integer
 WHERE workspace_id = $1::bigint AND number = $2::integer
RETURNING provisional, key_id, actor
