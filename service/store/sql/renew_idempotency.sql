-- $1 workspace, $2 key. The request that holds it is still at work: its lease runs anew. Rows: none. Primary key.
UPDATE idempotency
   SET lease_until = clock_timestamp() + interval '30 seconds'
 WHERE workspace_id = $1::bigint AND key = $2::text AND state = 'running'
