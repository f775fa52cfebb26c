-- $1 workspace, $2 organisations, $3 is account, $4 margin_pct (hundredths), then tier … lines_12m one array a column; the last: the epoch in force.
-- What holds now, for organisations that are locked; a version that an earlier flip brought into force is folded away. Rows: none. Primary key.
INSERT INTO standing AS old (workspace_id, organisation, is_account, margin_pct, tier, list, engagement, potential, keep_score, engagement_side, potential_side,
       seller, seller_derived, revenue_12m, revenue_prior_12m, revenue_182, revenue_prior_182, margin_12m, minutes_12m, rhythm,
       orders, reach, inbound, directed, lines_12m)
SELECT $1::bigint, new.*
  FROM unnest($2::text[], $3::boolean[], $4::integer[], $5::text[], $6::text[], $7::integer[], $8::integer[], $9::integer[],
              $10::smallint[], $11::smallint[], $12::text[], $13::boolean[], $14::bigint[], $15::bigint[], $16::bigint[],
              $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], $22::integer[], $23::integer[],
              $24::integer[], $25::integer[]) AS new
ON CONFLICT (workspace_id, organisation) DO UPDATE
   SET is_account = excluded.is_account, margin_pct = excluded.margin_pct, tier = excluded.tier, list = excluded.list,
       engagement = excluded.engagement, potential = excluded.potential, keep_score = excluded.keep_score,
       engagement_side = excluded.engagement_side, potential_side = excluded.potential_side, seller = excluded.seller,
       seller_derived = excluded.seller_derived, revenue_12m = excluded.revenue_12m,
       revenue_prior_12m = excluded.revenue_prior_12m, revenue_182 = excluded.revenue_182,
       revenue_prior_182 = excluded.revenue_prior_182, margin_12m = excluded.margin_12m, minutes_12m = excluded.minutes_12m,
       rhythm = excluded.rhythm, orders = excluded.orders, reach = excluded.reach, inbound = excluded.inbound,
       directed = excluded.directed, lines_12m = excluded.lines_12m,
       next_epoch = CASE WHEN old.next_epoch <= $26::integer THEN NULL ELSE old.next_epoch END
