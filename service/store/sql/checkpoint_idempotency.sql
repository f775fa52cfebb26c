-- $1 workspace, $2 key, $3 rows done, $4 progress (json). How far an import has come, kept in the transaction of these rows; its lease runs anew. Rows: none.
-- Primary key.
UPDATE idempotency
   SET rows_done = $3::bigint, progress = $4::jsonb, lease_until = clock_timestamp() + interval '30 seconds'
 WHERE workspace_id = $1::bigint AND key = $2::text
