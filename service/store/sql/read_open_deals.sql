-- $1 workspace, $2 organisations, $3 day. What of theirs is open on that day with an amount above 0: the sum, which ends at the edge of bigint, and the largest,
-- minor units. What is decided later is open yet, what is opened later is not there yet. Rows: one an organisation that has any. deal_open, deal_by_closed.
SELECT o.organisation, d.amount, d.largest
  FROM unnest($2::text[]) AS o (organisation),
       LATERAL (SELECT least(sum(amount), 9223372036854775807)::bigint AS amount, max(amount) AS largest
                  FROM (SELECT amount
                          FROM deal
                         WHERE workspace_id = $1::bigint AND organisation = o.organisation AND stage = 'open' AND NOT deleted
                           AND amount > 0 AND (opened_on IS NULL OR opened_on <= $3::date)
                        UNION ALL
                        SELECT amount
                          FROM deal
                         WHERE workspace_id = $1::bigint AND organisation = o.organisation AND closed_on > $3::date AND stage <> 'open'
                           AND NOT deleted AND amount > 0 AND (opened_on IS NULL OR opened_on <= $3::date)) AS open) AS d
 WHERE d.largest IS NOT NULL
