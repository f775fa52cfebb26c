-- $1 workspace. Another policy has come into force, and may have made more clients or fewer: while nobody has posted a review, tells by how many more than the review in force and what was
-- written since have them, unless by none. Rows: none. Primary keys of review and review_signal; standing and organisation as a whole.
INSERT INTO review_signal (workspace_id, clients_delta, decisive)
SELECT w.id, now.clients - coalesce(last.clients, 0) - told.gained, false
  FROM workspace AS w
       LEFT JOIN review AS last ON last.workspace_id = w.id AND last.number = w.review
       CROSS JOIN LATERAL (SELECT count(*) AS clients
                             FROM standing_in_force AS s
                                  JOIN organisation AS o ON o.workspace_id = s.workspace_id AND o.id = s.organisation
                            WHERE s.workspace_id = $1::bigint AND o.workspace_id = $1::bigint AND s.is_account AND s.revenue_12m > 0
                              AND o.status = 'active') AS now
       CROSS JOIN LATERAL (SELECT coalesce(sum(clients_delta), 0) AS gained
                             FROM review_signal
                            WHERE workspace_id = $1::bigint) AS told
 WHERE w.id = $1::bigint AND now.clients - coalesce(last.clients, 0) - told.gained <> 0
   AND NOT EXISTS (SELECT FROM review WHERE workspace_id = $1::bigint AND NOT provisional AND state <> 'failed')
