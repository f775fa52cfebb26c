-- $1 workspace, $2 kind, $3 HMAC of an id that a PUT brings back. Rows: none. Primary key.
DELETE FROM erased
 WHERE workspace_id = $1::bigint AND kind = $2::text AND hmac = $3::bytea
