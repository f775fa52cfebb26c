-- $1 workspace, null: all. Keys without their secrets, oldest first. Reads the whole table, which is small.
SELECT w.name, k.id, k.role, k.created_at, k.revoked_at
  FROM api_key k
  JOIN workspace w ON w.id = k.workspace_id
 WHERE $1::bigint IS NULL OR k.workspace_id = $1::bigint
 ORDER BY k.workspace_id, k.created_at, k.id
