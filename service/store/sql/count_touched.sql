-- $1 workspace, $2 epoch, $3 rows. How many organisations were touched while it was computed, counted up to so many. Rows: one. Primary key.
SELECT count(*)
  FROM (SELECT FROM touched WHERE workspace_id = $1::bigint AND epoch = $2::integer LIMIT $3::bigint) AS marked
