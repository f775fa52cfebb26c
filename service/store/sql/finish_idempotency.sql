-- $1 workspace, $2 key, $3 HTTP status, $4 headers (json), $5 body. The answer of a POST, kept in the transaction of its effect. Rows: none. Primary key.
UPDATE idempotency
   SET state = 'done', status = $3::integer, headers = $4::jsonb, body = $5::bytea
 WHERE workspace_id = $1::bigint AND key = $2::text
