-- $1 workspace, $2 review. The bands of an attempt that was broken off. Rows: none. Primary key.
DELETE FROM review_band
 WHERE workspace_id = $1::bigint AND review = $2::integer
