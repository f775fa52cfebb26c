-- $1 workspace, $2 day. Tiers set by hand that count on that day. Rows: one an override of a tier, in no order. override_by_until.
SELECT organisation, tier
  FROM override
 WHERE workspace_id = $1::bigint AND until >= $2::date AND tier IS NOT NULL
