-- $1 workspace. The review under way, else the one in force, as list_reviews has it. Rows: at most one. Primary key.
SELECT r.number, r.state, r.provisional, r.day, r.policy, r.requested_at, r.done_at, r.key_id, r.actor, r.failure, r.clients, r.key_cutoff,
       r.effort_basis, r.derived_floor, r.quota_infeasible,
       r.key_revenue, r.revenue, r.engagement_cut, r.potential_cut, r.full_reach, r.full_rhythm, r.full_orders, r.initiative_available,
       r.revenue_source, r.half_year_momentum, r.lines_offered, r.deals_per_year, r.first_revenue_on, r.tiers, r.lists, r.changed,
       coalesce(r.number = w.review, false), r.verdicts, r.contenders, r.contender_revenue, r.contender_headroom,
       (SELECT shown FROM review_contenders_shown WHERE workspace_id = $1::bigint AND review = r.number)
  FROM workspace AS w
       JOIN review AS r ON r.workspace_id = w.id
 WHERE w.id = $1::bigint
   AND r.number = coalesce((SELECT min(number)
                              FROM review
                             WHERE workspace_id = $1::bigint AND state IN ('computing', 'writing')),
                           (SELECT min(number)
                              FROM review
                             WHERE workspace_id = $1::bigint AND state = 'waiting'),
                           w.review)
