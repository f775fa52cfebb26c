-- $1 workspace, $2 organisations that are hidden now. Rows: none. Primary key.
DELETE FROM standing
 WHERE workspace_id = $1::bigint AND organisation = ANY($2::text[])
