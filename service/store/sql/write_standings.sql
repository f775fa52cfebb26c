-- $1 workspace, $2 edition, $3 organisations, $4 is account, $5 margin_pct (hundredths), then tier … lines_12m one array a column. What that edition says of
-- organisations that are locked. Rows: none. Primary key.
INSERT INTO standing
       (workspace_id, organisation, edition, is_account, margin_pct, tier, list, engagement, potential, keep_score,
        engagement_side, potential_side, could_become_key, verdict, expected_annual, size_source, fit_passed, fit_possible, findings, open_amount,
        largest_open, access, seller, seller_derived, revenue_12m, revenue_prior_12m, revenue_182, revenue_prior_182, margin_12m,
        minutes_12m, rhythm, orders, reach, inbound, directed, lines_12m)
SELECT $1::bigint, new.organisation, $2::integer, new.is_account, new.margin_pct,
       new.tier, new.list, new.engagement, new.potential, new.keep_score, new.engagement_side, new.potential_side, new.could_become_key, new.verdict,
       new.expected_annual, new.size_source, new.fit_passed, new.fit_possible, new.findings, new.open_amount, new.largest_open,
       new.access, new.seller, new.seller_derived, new.revenue_12m, new.revenue_prior_12m, new.revenue_182, new.revenue_prior_182,
       new.margin_12m, new.minutes_12m, new.rhythm, new.orders, new.reach, new.inbound, new.directed, new.lines_12m
  FROM unnest($3::text[], $4::boolean[], $5::integer[], $6::text[], $7::text[], $8::integer[], $9::integer[], $10::integer[],
              $11::smallint[], $12::smallint[], $13::boolean[], $14::text[], $15::bigint[], $16::text[], $17::integer[], $18::integer[],
              $19::text[], $20::bigint[], $21::bigint[], $22::boolean[], $23::text[], $24::boolean[], $25::bigint[],
              $26::bigint[], $27::bigint[], $28::bigint[], $29::bigint[], $30::bigint[], $31::bigint[], $32::bigint[],
              $33::integer[], $34::integer[], $35::integer[], $36::integer[])
       AS new (organisation, is_account, margin_pct, tier, list, engagement, potential, keep_score, engagement_side,
               potential_side, could_become_key, verdict, expected_annual, size_source, fit_passed, fit_possible, findings, open_amount,
               largest_open, access, seller, seller_derived, revenue_12m, revenue_prior_12m, revenue_182, revenue_prior_182,
               margin_12m, minutes_12m, rhythm, orders, reach, inbound, directed, lines_12m)
ON CONFLICT (workspace_id, organisation, edition) DO UPDATE
   SET is_account = excluded.is_account, margin_pct = excluded.margin_pct, tier = excluded.tier, list = excluded.list,
       engagement = excluded.engagement, potential = excluded.potential, keep_score = excluded.keep_score,
       engagement_side = excluded.engagement_side, potential_side = excluded.potential_side, could_become_key = excluded.could_become_key, verdict = excluded.verdict,
       expected_annual = excluded.expected_annual, size_source = excluded.size_source, fit_passed = excluded.fit_passed,
       fit_possible = excluded.fit_possible, findings = excluded.findings, open_amount = excluded.open_amount,
       largest_open = excluded.largest_open, access = excluded.access, seller = excluded.seller,
       seller_derived = excluded.seller_derived, revenue_12m = excluded.revenue_12m,
       revenue_prior_12m = excluded.revenue_prior_12m, revenue_182 = excluded.revenue_182,
       revenue_prior_182 = excluded.revenue_prior_182, margin_12m = excluded.margin_12m, minutes_12m = excluded.minutes_12m,
       rhythm = excluded.rhythm, orders = excluded.orders, reach = excluded.reach, inbound = excluded.inbound,
       directed = excluded.directed, lines_12m = excluded.lines_12m
