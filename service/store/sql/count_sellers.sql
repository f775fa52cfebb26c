-- $1 workspace, $2 null, or spellings of the region, $3 null, or active or not. How many sellers a list holds. Rows: one. seller as a whole.
SELECT count(*)
  FROM seller
 WHERE workspace_id = $1::bigint AND NOT deleted AND ($2::text[] IS NULL OR region = ANY($2::text[]))
   AND ($3::boolean IS NULL OR active = $3::boolean)
