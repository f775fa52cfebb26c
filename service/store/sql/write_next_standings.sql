-- $1 workspace, $2 organisations, then tier … lines_12m one array a column; the last: the epoch being prepared.
-- What will hold from that epoch on, for organisations that are locked and whose present values were just written. Rows: none. Primary key.
UPDATE standing AS old
   SET next_epoch = $24::integer,
       next_tier = new.tier, next_list = new.list, next_engagement = new.engagement, next_potential = new.potential,
       next_keep_score = new.keep_score, next_engagement_side = new.engagement_side, next_potential_side = new.potential_side,
       next_seller = new.seller, next_seller_derived = new.seller_derived, next_revenue_12m = new.revenue_12m,
       next_revenue_prior_12m = new.revenue_prior_12m, next_revenue_182 = new.revenue_182,
       next_revenue_prior_182 = new.revenue_prior_182, next_margin_12m = new.margin_12m, next_minutes_12m = new.minutes_12m,
       next_rhythm = new.rhythm, next_orders = new.orders, next_reach = new.reach, next_inbound = new.inbound,
       next_directed = new.directed, next_lines_12m = new.lines_12m
  FROM unnest($2::text[], $3::text[], $4::text[], $5::integer[], $6::integer[], $7::integer[], $8::smallint[], $9::smallint[],
              $10::text[], $11::boolean[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[],
              $17::bigint[], $18::bigint[], $19::bigint[], $20::integer[], $21::integer[], $22::integer[], $23::integer[])
       AS new (organisation, tier, list, engagement, potential, keep_score, engagement_side, potential_side, seller,
               seller_derived, revenue_12m, revenue_prior_12m, revenue_182, revenue_prior_182, margin_12m, minutes_12m, rhythm,
               orders, reach, inbound, directed, lines_12m)
 WHERE old.workspace_id = $1::bigint AND old.organisation = new.organisation
