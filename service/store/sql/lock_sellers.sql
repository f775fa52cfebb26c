-- $1 workspace, $2 ids. The sellers of these ids as they stand, hidden ones too, locked in id order. Rows: at most one an id. Primary key.
SELECT id, name, email, region, weekly_hours, started_on, quota, active, said, said_at, said_by, stamps, stub, deleted, version,
       created_at, updated_at
  FROM seller
 WHERE workspace_id = $1::bigint AND id = ANY($2::text[])
 ORDER BY id
   FOR NO KEY UPDATE
