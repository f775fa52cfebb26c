-- $1 workspace, $2 organisation, $3 rows, $4 default margin (hundredths of a percent). Of the next so many organisations behind that one: its id, and the
-- percentage that holds where the daily sums were made with another, else null. Rows: at most $3, in id order. Primary keys.
SELECT s.organisation, CASE WHEN s.margin_pct <> coalesce(o.margin_pct, $4::integer) THEN coalesce(o.margin_pct, $4::integer) END
  FROM standing_in_force AS s
       JOIN organisation AS o ON o.workspace_id = s.workspace_id AND o.id = s.organisation
 WHERE s.workspace_id = $1::bigint AND s.organisation > $2::text
 ORDER BY s.organisation
 LIMIT $3::bigint
