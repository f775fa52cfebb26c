-- $1 workspace, $2 review. Who could become key at an attempt that was broken off. Rows: none. Primary key.
DELETE FROM review_contender
 WHERE workspace_id = $1::bigint AND review = $2::integer
