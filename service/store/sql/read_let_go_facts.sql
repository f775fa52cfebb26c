-- $1 workspace, $2 organisations, $3 day, $4 revenue source. What decides beside tier, list and hours whether they may be let go, and their names. Rows: one an
-- organisation asked for, in no order. Primary keys; decision_by_organisation.
SELECT o.id, o.name, o.status, (o.protected ->> 'until')::date, k.until, o.client_since, e.day
  FROM organisation AS o
       LEFT JOIN LATERAL (SELECT max(until) AS until
                            FROM decision
                           WHERE workspace_id = $1::bigint AND organisation = o.id AND decision = 'keep') AS k ON true
       LEFT JOIN LATERAL (SELECT day
                            FROM revenue_day
                           WHERE workspace_id = $1::bigint AND organisation = o.id AND source = $4::text AND day <= $3::date
                             AND positive > 0
                           ORDER BY day
                           LIMIT 1) AS e ON true
 WHERE o.workspace_id = $1::bigint AND o.id = ANY($2::text[])
