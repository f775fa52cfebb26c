-- $1 workspace, $2 number. Rows: at most one: what the review froze, as struct review has it. Primary key.
SELECT number, policy, day, provisional, clients, key_cutoff, key_revenue, revenue, engagement_cut, potential_cut, full_reach,
       full_rhythm, full_orders, initiative_available, revenue_source, half_year_momentum, lines_offered, deals_per_year,
       first_revenue_on, margin, derived_floor
  FROM review
 WHERE workspace_id = $1::bigint AND number = $2::integer
