-- $1 workspace, $2 epoch in force, $3 epoch being prepared, $4 organisations, then tier ... lines_12m one array a column. What holds from that epoch on, beside
-- what holds now. What a writer has written for it already stays as it is. Locked in id order. Rows: one an organisation written, with its seller and status. Primary key.
WITH mine AS MATERIALIZED (
	SELECT organisation
	  FROM standing AS s
	 WHERE workspace_id = $1::bigint AND organisation = ANY($4::text[]) AND next_epoch IS DISTINCT FROM $3::integer
	 ORDER BY organisation
	   FOR NO KEY UPDATE
)
UPDATE standing AS s
   SET tier = CASE WHEN s.next_epoch <= $2::integer THEN s.next_tier ELSE s.tier END,
       list = CASE WHEN s.next_epoch <= $2::integer THEN s.next_list ELSE s.list END,
       engagement = CASE WHEN s.next_epoch <= $2::integer THEN s.next_engagement ELSE s.engagement END,
       potential = CASE WHEN s.next_epoch <= $2::integer THEN s.next_potential ELSE s.potential END,
       keep_score = CASE WHEN s.next_epoch <= $2::integer THEN s.next_keep_score ELSE s.keep_score END,
       engagement_side = CASE WHEN s.next_epoch <= $2::integer THEN s.next_engagement_side ELSE s.engagement_side END,
       potential_side = CASE WHEN s.next_epoch <= $2::integer THEN s.next_potential_side ELSE s.potential_side END,
       seller = CASE WHEN s.next_epoch <= $2::integer THEN s.next_seller ELSE s.seller END,
       seller_derived = CASE WHEN s.next_epoch <= $2::integer THEN s.next_seller_derived ELSE s.seller_derived END,
       revenue_12m = CASE WHEN s.next_epoch <= $2::integer THEN s.next_revenue_12m ELSE s.revenue_12m END,
       revenue_prior_12m = CASE WHEN s.next_epoch <= $2::integer THEN s.next_revenue_prior_12m ELSE s.revenue_prior_12m END,
       revenue_182 = CASE WHEN s.next_epoch <= $2::integer THEN s.next_revenue_182 ELSE s.revenue_182 END,
       revenue_prior_182 = CASE WHEN s.next_epoch <= $2::integer THEN s.next_revenue_prior_182 ELSE s.revenue_prior_182 END,
       margin_12m = CASE WHEN s.next_epoch <= $2::integer THEN s.next_margin_12m ELSE s.margin_12m END,
       minutes_12m = CASE WHEN s.next_epoch <= $2::integer THEN s.next_minutes_12m ELSE s.minutes_12m END,
       rhythm = CASE WHEN s.next_epoch <= $2::integer THEN s.next_rhythm ELSE s.rhythm END,
       orders = CASE WHEN s.next_epoch <= $2::integer THEN s.next_orders ELSE s.orders END,
       reach = CASE WHEN s.next_epoch <= $2::integer THEN s.next_reach ELSE s.reach END,
       inbound = CASE WHEN s.next_epoch <= $2::integer THEN s.next_inbound ELSE s.inbound END,
       directed = CASE WHEN s.next_epoch <= $2::integer THEN s.next_directed ELSE s.directed END,
       lines_12m = CASE WHEN s.next_epoch <= $2::integer THEN s.next_lines_12m ELSE s.lines_12m END,
       next_epoch = $3::integer,
       next_tier = new.tier, next_list = new.list, next_engagement = new.engagement, next_potential = new.potential,
       next_keep_score = new.keep_score, next_engagement_side = new.engagement_side, next_potential_side = new.potential_side,
       next_seller = new.seller, next_seller_derived = new.seller_derived, next_revenue_12m = new.revenue_12m,
       next_revenue_prior_12m = new.revenue_prior_12m, next_revenue_182 = new.revenue_182, next_revenue_prior_182 =
       new.revenue_prior_182, next_margin_12m = new.margin_12m, next_minutes_12m = new.minutes_12m, next_rhythm = new.rhythm,
       next_orders = new.orders, next_reach = new.reach, next_inbound = new.inbound, next_directed = new.directed, next_lines_12m
       = new.lines_12m
  FROM unnest($4::text[], $5::text[], $6::text[], $7::integer[], $8::integer[], $9::integer[], $10::smallint[], $11::smallint[],
              $12::text[], $13::boolean[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[],
              $19::bigint[], $20::bigint[], $21::bigint[], $22::integer[], $23::integer[], $24::integer[], $25::integer[])
       AS new (organisation, tier, list, engagement, potential, keep_score, engagement_side, potential_side, seller,
                seller_derived, revenue_12m, revenue_prior_12m, revenue_182, revenue_prior_182, margin_12m, minutes_12m,
                rhythm, orders, reach, inbound, directed, lines_12m)
       JOIN mine USING (organisation)
 WHERE s.workspace_id = $1::bigint AND s.organisation = new.organisation
RETURNING s.organisation, s.next_seller, (SELECT status FROM organisation WHERE workspace_id = $1::bigint AND id = s.organisation)
