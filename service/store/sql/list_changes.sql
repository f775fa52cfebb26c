-- $1 workspace, $2 organisation, $3 before this position, $4 before this instant, null: any, $5 rows. What has changed about an organisation, newest first, as far as it is in
-- force; what a policy or a review changed was changed by whoever wrote it or asked for it. Rows: at most $5; one, null behind the first column, where nothing has changed; none
-- where there is no such organisation. Primary keys.
SELECT o.is_account, c.position, c.at, c.cause, coalesce(c.reference, p.version::text),
       coalesce(c.key_id, p.key_id, r.key_id), coalesce(c.actor, p.actor, r.actor), c.day, c.review, c.policy, c.status, c.tier, c.list, c.seller,
       c.engagement, c.potential, c.previous_status, c.previous_tier, c.previous_list, c.previous_seller,
       c.engagement_points[1], c.engagement_points[2], c.engagement_points[3], c.engagement_points[4], c.engagement_points[5],
       c.potential_points[1], c.potential_points[2], c.potential_points[3], c.potential_points[4],
       c.verdict, c.previous_verdict, c.expected_annual, c.fit, c.fit_best, c.findings,
       c.override, c.previous_override, c.protected_until, c.previous_protected_until, c.assigned, c.previous_assigned, d.decision
  FROM organisation AS o
       JOIN workspace AS w ON w.id = o.workspace_id
       LEFT JOIN LATERAL (SELECT *
                            FROM change
                           WHERE workspace_id = $1::bigint AND organisation = $2::text AND position < $3::bigint AND epoch <= w.epoch
                             AND ($4::timestamptz IS NULL OR at < $4::timestamptz)
                           ORDER BY position DESC
                           LIMIT $5::bigint) AS c ON true
       LEFT JOIN decision AS d ON c.cause = 'decision' AND d.workspace_id = $1::bigint AND d.id = c.reference::bigint
       LEFT JOIN policy AS p ON c.cause = 'policy' AND p.workspace_id = $1::bigint AND p.version = c.policy
       LEFT JOIN review AS r ON c.cause = 'review' AND r.workspace_id = $1::bigint AND r.number = c.review
 WHERE o.workspace_id = $1::bigint AND o.id = $2::text AND NOT o.deleted
 ORDER BY c.position DESC
