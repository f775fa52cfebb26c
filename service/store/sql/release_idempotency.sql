-- $1 workspace, $2 key. Ends the lease of a request that gave no answer worth keeping. Rows: none. Primary key.
UPDATE idempotency
   SET lease_until = now()
 WHERE workspace_id = $1::bigint AND key = $2::text AND state = 'running'
