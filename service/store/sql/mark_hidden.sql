-- $1 workspace, $2 epoch being written, $3 organisations hidden meanwhile. Rows: none. Primary key.
INSERT INTO touched (workspace_id, epoch, organisation, hidden)
SELECT $1::bigint, $2::integer, new.organisation, true
  FROM unnest($3::text[]) AS new (organisation)
ON CONFLICT (workspace_id, epoch, organisation) DO UPDATE
   SET hidden = true
