-- $1 workspace, $2 organisations, $3 day. Who the seller is where none is stated (domain.md section 1): most won amount in 12 months, then most won deals, then lowest
-- id; without any, of the latest dated deal or activity. Rows: one an organisation that has one. Primary key of revenue_day; deal_by_closed, deal_by_opened, activity_by_day.
SELECT o.organisation, s.seller
  FROM unnest($2::text[]) AS o (organisation),
       LATERAL (SELECT seller
                  FROM (SELECT seller, 1 AS way, sum(amount) AS won, sum(entries) AS deals, NULL::date AS latest
                          FROM revenue_day
                         WHERE workspace_id = $1::bigint AND organisation = o.organisation AND source = 'deals'
                           AND day > $3::date - 365 AND day <= $3::date AND seller <> ''
                         GROUP BY seller
                         UNION ALL
                        (SELECT seller, 2, NULL, NULL, closed_on
                           FROM deal
                          WHERE workspace_id = $1::bigint AND organisation = o.organisation AND seller IS NOT NULL
                            AND closed_on <= $3::date AND stage <> 'open' AND NOT deleted
                          ORDER BY closed_on DESC, seller
                          LIMIT 1)
                         UNION ALL
                        (SELECT seller, 2, NULL, NULL, opened_on
                           FROM deal
                          WHERE workspace_id = $1::bigint AND organisation = o.organisation AND seller IS NOT NULL
                            AND opened_on <= $3::date AND (stage = 'open' OR closed_on > $3::date) AND NOT deleted
                          ORDER BY opened_on DESC, seller
                          LIMIT 1)
                         UNION ALL
                        (SELECT seller, 2, NULL, NULL, day
                           FROM activity
                          WHERE workspace_id = $1::bigint AND of_organisation = o.organisation AND seller IS NOT NULL
                            AND day <= $3::date AND NOT deleted
                          ORDER BY day DESC, seller
                          LIMIT 1)) AS candidates
                 ORDER BY way, won DESC, deals DESC, latest DESC, seller COLLATE "C"
                 LIMIT 1) AS s
