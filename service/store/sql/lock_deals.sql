-- $1 workspace, $2 ids. The deals of these ids as they stand, hidden ones too, locked in id order. Rows: at most one an id. Primary key,
-- one look an id: a list of ids would be a filter over the whole workspace in a database that was never analysed.
SELECT locked.*
  FROM (SELECT id FROM unnest($2::text[]) AS asked (id) ORDER BY id COLLATE "C") AS wanted,
       LATERAL (SELECT id, organisation, seller, amount, stage, opened_on, closed_on, line, said, said_at, said_by, stamps,
                       stub, deleted, version, created_at, updated_at, line_key
                  FROM deal
                 WHERE workspace_id = $1::bigint AND id = wanted.id
                   FOR NO KEY UPDATE) AS locked
