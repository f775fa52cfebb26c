-- $1 workspace, $2 organisations. Their names. Rows: one an organisation there is, in no order. Primary key.
SELECT id, name
  FROM organisation
 WHERE workspace_id = $1::bigint AND id = ANY($2::text[])
