-- $1 workspace, $2 before this number, $3 rows. Reviews with what they froze, newest first, and whether each is the one in force. Rows: at most $3. Primary key.
SELECT r.number, r.state, r.provisional, r.day, r.policy, r.requested_at, r.done_at, r.key_id, r.actor, r.failure, r.clients, r.key_cutoff,
       r.effort_basis, r.derived_floor, r.quota_infeasible,
       r.key_revenue, r.revenue, r.engagement_cut, r.potential_cut, r.full_reach, r.full_rhythm, r.full_orders, r.initiative_available,
       r.revenue_source, r.half_year_momentum, r.lines_offered, r.deals_per_year, r.first_revenue_on, r.tiers, r.lists, r.changed,
       coalesce(r.number = w.review, false), r.verdicts, r.contenders, r.contender_revenue, r.contender_headroom,
       (SELECT shown FROM review_contenders_shown WHERE workspace_id = $1::bigint AND review = r.number)
  FROM review AS r
       JOIN workspace AS w ON w.id = r.workspace_id
 WHERE r.workspace_id = $1::bigint AND r.number < $2::integer
 ORDER BY r.number DESC
 LIMIT $3::bigint
