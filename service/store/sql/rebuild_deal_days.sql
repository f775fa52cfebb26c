-- $1 workspace, $2 organisations, $3 margin_pct (hundredths) for each: their sums of won deals made again from the deals. Rows: none. Primary key; deal_by_closed.
WITH gone AS (DELETE FROM revenue_day WHERE workspace_id = $1::bigint AND organisation = ANY($2::text[]) AND source = 'deals' RETURNING organisation),
     summed AS (SELECT d.organisation, d.closed_on, coalesce(d.line_key, '') AS line_key, coalesce(d.seller, '') AS seller,
                       sum(coalesce(d.amount, 0)) AS amount, sum(round(coalesce(d.amount, 0)::numeric * o.pct / 10000)) AS margin,
                       count(*) AS entries, count(*) FILTER (WHERE d.amount > 0) AS positive
                  FROM unnest($2::text[], $3::integer[]) AS o (organisation, pct)
                  JOIN deal AS d ON d.workspace_id = $1::bigint AND d.organisation = o.organisation
                 WHERE d.stage = 'won' AND d.closed_on IS NOT NULL AND NOT d.deleted
                 GROUP BY 1, 2, 3, 4)
INSERT INTO revenue_day AS old (workspace_id, organisation, source, day, line_key, seller, amount, margin, entries, positive)
SELECT $1::bigint, organisation, 'deals', closed_on, line_key, seller, amount, margin, entries, positive
  FROM summed
 WHERE (SELECT count(*) FROM gone) >= 0
