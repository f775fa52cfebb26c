-- $1 workspace, $2 id. The row goes; the sums it counted in have been lowered. Rows: none. Primary key.
DELETE FROM deal WHERE workspace_id = $1::bigint AND id = $2::text
