-- $1 workspace, $2 epoch being computed, $3 organisations written meanwhile, or that it changes. Rows: none. Primary key.
INSERT INTO touched (workspace_id, epoch, organisation)
SELECT $1::bigint, $2::integer, new.organisation
  FROM unnest($3::text[]) AS new (organisation)
ON CONFLICT DO NOTHING
