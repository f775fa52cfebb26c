-- $1 workspace, $2 review. What the review froze of sizes, with its bands from the lowest. Rows: one a band, or one with a null position where it has none; none where there is no such review.
-- Primary keys.
SELECT r.effort_basis, r.without_amount, r.weekly_hours, r.quota, r.account_management_pct, r.quota_infeasible, r.derived_floor,
       b.position, b.from_amount, b.to_amount, b.deals, b.won, b.average_won, b.average_won_rest, b.pursuits, b.effort,
       b.median_cycle_days, b.value_index, b.accounts, b.service_minutes, b.verdict
  FROM review AS r
       LEFT JOIN review_band AS b ON b.workspace_id = r.workspace_id AND b.review = r.number
 WHERE r.workspace_id = $1::bigint AND r.number = $2::integer
 ORDER BY b.position
