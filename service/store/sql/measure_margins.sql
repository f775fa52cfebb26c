-- $1 workspace, $2 organisations, $3 margin_pct (hundredths) for each, $4 day, $5 revenue source. margin_12m under a percentage that the daily sums were not made with.
-- Rows: one an organisation asked for, in no order. revenue_by_organisation, deal_by_closed.
SELECT o.organisation,
       greatest(least(coalesce(sum(coalesce(f.margin, round(f.amount::numeric * o.pct / 10000))), 0), 9223372036854775807), -9223372036854775807)::bigint AS margin_12m
  FROM unnest($2::text[], $3::integer[]) AS o (organisation, pct)
       LEFT JOIN LATERAL (SELECT coalesce(amount, 0) AS amount, margin
                            FROM revenue
                           WHERE $5::text = 'revenue' AND workspace_id = $1::bigint AND organisation = o.organisation
                             AND day > $4::date - 365 AND day <= $4::date AND NOT deleted
                           UNION ALL
                          SELECT coalesce(amount, 0), NULL
                            FROM deal
                           WHERE $5::text = 'deals' AND workspace_id = $1::bigint AND organisation = o.organisation AND stage = 'won'
                             AND closed_on > $4::date - 365 AND closed_on <= $4::date AND NOT deleted) AS f ON true
 GROUP BY o.organisation
