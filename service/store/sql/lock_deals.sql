-- $1 workspace, $2 ids. The deals of these ids as they stand, hidden ones too, locked in id order. Rows: at most one an id. Primary key.
SELECT id, organisation, seller, amount, stage, opened_on, closed_on, line, said, said_at, said_by, stamps, stub, deleted,
       version, created_at, updated_at, line_key
  FROM deal
 WHERE workspace_id = $1::bigint AND id = ANY($2::text[])
 ORDER BY id
   FOR NO KEY UPDATE
