-- $1 workspace, $2 review, $3 basis of effort, $4 deals without an amount, $5 weekly hours (hundredths) and $6 quota (minor units) of the active sellers, null: not known, $7 share of account
-- management (hundredths of a percent), $8 whether no band makes the number, $9 derived floor (minor units, null: none). Rows: none. Primary key.
UPDATE review
   SET effort_basis = $3::text, without_amount = $4::bigint, weekly_hours = $5::bigint, quota = $6::bigint,
       account_management_pct = $7::integer, quota_infeasible = $8::boolean, derived_floor = $9::bigint
 WHERE workspace_id = $1::bigint AND number = $2::integer
