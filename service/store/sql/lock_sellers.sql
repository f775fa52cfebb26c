-- $1 workspace, $2 ids. The sellers of these ids as they stand, hidden ones too, locked in id order. Rows: at most one an id. Primary key,
-- one look an id: a list of ids would be a filter over the whole workspace in a database that was never analysed.
SELECT locked.*
  FROM (SELECT id FROM unnest($2::text[]) AS asked (id) ORDER BY id COLLATE "C") AS wanted,
       LATERAL (SELECT id, name, email, region, weekly_hours, started_on, quota, active, said, said_at, said_by, stamps, stub,
                       deleted, version, created_at, updated_at
                  FROM seller
                 WHERE workspace_id = $1::bigint AND id = wanted.id
                   FOR NO KEY UPDATE) AS locked
