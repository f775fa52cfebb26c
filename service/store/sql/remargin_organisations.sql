-- $1 workspace, $2 organisations, $3 margin_pct (hundredths) that holds for each now: margins of their days again, entry by entry, half away from zero. Rows: none.
-- revenue_by_organisation, deal_by_closed.
UPDATE revenue_day AS old
   SET margin = new.margin
  FROM (SELECT o.organisation, f.source, f.day, f.line_key, f.seller,
               greatest(least(sum(coalesce(f.margin, round(f.amount::numeric * o.pct / 10000))), 9223372036854775807), -9223372036854775807)::bigint AS margin
          FROM unnest($2::text[], $3::integer[]) AS o (organisation, pct),
               LATERAL (SELECT 'revenue' AS source, day, coalesce(line_key, '') AS line_key, '' AS seller, coalesce(amount, 0) AS amount, margin
                          FROM revenue
                         WHERE workspace_id = $1::bigint AND organisation = o.organisation AND NOT deleted
                         UNION ALL
                        SELECT 'deals', closed_on, coalesce(line_key, ''), coalesce(seller, ''), coalesce(amount, 0), NULL
                          FROM deal
                         WHERE workspace_id = $1::bigint AND organisation = o.organisation AND stage = 'won' AND closed_on IS NOT NULL
                           AND NOT deleted) AS f
         GROUP BY 1, 2, 3, 4, 5) AS new
 WHERE old.workspace_id = $1::bigint AND old.organisation = new.organisation AND old.source = new.source AND old.day = new.day
   AND old.line_key = new.line_key AND old.seller = new.seller AND old.margin <> new.margin
