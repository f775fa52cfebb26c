-- $1 workspace, $2 organisations, $3 epoch being prepared. What the history was to say of their change into that epoch: it is about to be said anew. Rows: none.
-- Primary key.
DELETE FROM change
 WHERE workspace_id = $1::bigint AND organisation = ANY($2::text[]) AND epoch = $3::integer
