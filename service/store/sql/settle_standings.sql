-- $1 workspace, $2 edition in force, $3 organisations, $4 is account, $5 margin_pct (hundredths), then tier … lines_12m one array a column. What a flip that changes
-- little changes, under the exclusive lock. Rows: one an organisation. Primary key.
UPDATE standing AS s
   SET is_account = new.is_account, margin_pct = new.margin_pct, tier = new.tier, list = new.list, engagement = new.engagement,
       potential = new.potential, keep_score = new.keep_score, engagement_side = new.engagement_side,
       potential_side = new.potential_side, could_become_key = new.could_become_key, verdict = new.verdict, expected_annual = new.expected_annual,
       size_source = new.size_source, fit_passed = new.fit_passed, fit_possible = new.fit_possible, findings = new.findings,
       open_amount = new.open_amount, largest_open = new.largest_open, access = new.access, seller = new.seller,
       seller_derived = new.seller_derived, revenue_12m = new.revenue_12m, revenue_prior_12m = new.revenue_prior_12m,
       revenue_182 = new.revenue_182, revenue_prior_182 = new.revenue_prior_182, margin_12m = new.margin_12m,
       minutes_12m = new.minutes_12m, rhythm = new.rhythm, orders = new.orders, reach = new.reach, inbound = new.inbound,
       directed = new.directed, lines_12m = new.lines_12m
  FROM unnest($3::text[], $4::boolean[], $5::integer[], $6::text[], $7::text[], $8::integer[], $9::integer[], $10::integer[],
              $11::smallint[], $12::smallint[], $13::boolean[], $14::text[], $15::bigint[], $16::text[], $17::integer[], $18::integer[],
              $19::text[], $20::bigint[], $21::bigint[], $22::boolean[], $23::text[], $24::boolean[], $25::bigint[],
              $26::bigint[], $27::bigint[], $28::bigint[], $29::bigint[], $30::bigint[], $31::bigint[], $32::bigint[],
              $33::integer[], $34::integer[], $35::integer[], $36::integer[])
       AS new (organisation, is_account, margin_pct, tier, list, engagement, potential, keep_score, engagement_side,
               potential_side, could_become_key, verdict, expected_annual, size_source, fit_passed, fit_possible, findings, open_amount,
               largest_open, access, seller, seller_derived, revenue_12m, revenue_prior_12m, revenue_182, revenue_prior_182,
               margin_12m, minutes_12m, rhythm, orders, reach, inbound, directed, lines_12m)
 WHERE s.workspace_id = $1::bigint AND s.organisation = new.organisation AND s.edition = $2::integer
RETURNING s.organisation
