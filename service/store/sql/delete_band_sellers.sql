-- $1 workspace, $2 review. The sellers' deals of an attempt that was broken off. Rows: none. Primary key.
DELETE FROM review_seller
 WHERE workspace_id = $1::bigint AND review = $2::integer
