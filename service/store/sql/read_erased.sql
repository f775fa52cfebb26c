-- $1 workspace, $2 kinds, $3 HMACs of ids, side by side. Those that were erased. Rows: at most one a pair. Primary key.
SELECT kind, hmac
  FROM erased
 WHERE workspace_id = $1::bigint AND (kind, hmac) IN (SELECT * FROM unnest($2::text[], $3::bytea[]))
