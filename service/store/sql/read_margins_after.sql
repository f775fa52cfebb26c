-- $1 workspace, $2 organisation, $3 rows, $4 default margin (hundredths of a percent). Of the next so many organisations behind that one: its id, and the
-- percentage that holds where the daily sums were made with another, else null. Rows: at most $3, in id order. Primary keys.
SELECT s.organisation, CASE WHEN s.margin_pct <> coalesce(o.margin_pct, $4::integer) THEN coalesce(o.margin_pct, $4::integer) END
  FROM (SELECT *
          FROM standing
         WHERE workspace_id = $1::bigint AND organisation > $2::text AND edition = (SELECT edition FROM workspace WHERE id = $1::bigint)
         ORDER BY organisation
         LIMIT $3::bigint) AS s
       CROSS JOIN LATERAL (SELECT * FROM organisation WHERE workspace_id = $1::bigint AND id = s.organisation OFFSET 0) AS o
 ORDER BY s.organisation
