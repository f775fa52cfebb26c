-- $1 workspace, $2 ids. The contacts of these ids as they stand, hidden ones too, locked in id order. Rows: at most one an id. Primary key.
SELECT id, organisation, name, email, persona, said, said_at, said_by, stamps, stub, deleted, version, created_at, updated_at
  FROM contact
 WHERE workspace_id = $1::bigint AND id = ANY($2::text[])
 ORDER BY id
   FOR NO KEY UPDATE
