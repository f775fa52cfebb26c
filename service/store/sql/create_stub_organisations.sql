-- $1 workspace, $2 ids, $3 now. Organisations that are referred to and not yet described. Rows: none. Primary key.
INSERT INTO organisation (workspace_id, id, is_account, name, status, name_key, said, said_at, stub, version, created_at, updated_at)
SELECT $1::bigint, new.id, false, new.id, 'active', new.id, 0, '-infinity', true, 1, $3::timestamptz, $3::timestamptz
  FROM unnest($2::text[]) AS new (id)
 ORDER BY new.id
ON CONFLICT DO NOTHING
