-- $1 workspace, $2 organisations, $3 default margin (hundredths of a percent). Locks them in id order, as writers do: their facts cannot change until the
-- transaction ends. Rows: one an organisation: its id and the percentage that holds for it. Primary key.
SELECT id, coalesce(margin_pct, $3::integer)
  FROM organisation
 WHERE workspace_id = $1::bigint AND id = ANY($2::text[])
 ORDER BY id
   FOR NO KEY UPDATE
