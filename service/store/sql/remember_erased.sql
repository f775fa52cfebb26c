-- $1 workspace, $2 kind, $3 HMAC of the id, $4 the id. It is remembered that it must not come back, and kept answers that speak of it go. Rows: none. Primary key.
WITH answers AS (DELETE FROM idempotency
                  WHERE workspace_id = $1::bigint AND state = 'done' AND position(convert_to($4::text, 'UTF8') IN body) > 0)
INSERT INTO erased (workspace_id, kind, hmac)
VALUES ($1::bigint, $2::text, $3::bytea)
ON CONFLICT DO NOTHING
