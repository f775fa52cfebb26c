-- $1 workspace, $2 organisations. Rows: one for each that there is, in no order: id, status. Primary key.
SELECT id, status
  FROM organisation
 WHERE workspace_id = $1::bigint AND id = ANY($2::text[])
