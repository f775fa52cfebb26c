-- $1 workspace, $2 organisations. Their standings in force, in no order; none where an organisation has none. Primary key.
SELECT organisation, margin_pct, tier, list, engagement, potential, keep_score, engagement_side, potential_side,
       verdict, expected_annual, size_source, fit_passed, fit_possible, findings, open_amount, largest_open, access,
       seller, seller_derived, revenue_12m,
       revenue_prior_12m, revenue_182, revenue_prior_182, margin_12m, minutes_12m, rhythm, orders, reach, inbound, directed,
       lines_12m
  FROM standing_in_force
 WHERE workspace_id = $1::bigint AND organisation = ANY($2::text[])
