-- $1 workspace, $2 epoch in force, $3 epoch being prepared, $4 organisations, then one array a column: tier, list, scores and keep score (hundredths), sides.
-- What holds from that epoch on, beside what holds now; measures and sellers stay. What a writer has written for it already stays as it is, and what was
-- touched while it was computed is left out. Locked in id order. Rows: one an organisation written, with its seller and status. Primary keys.
WITH mine AS MATERIALIZED (
	SELECT organisation
	  FROM standing AS s
	 WHERE workspace_id = $1::bigint AND organisation = ANY($4::text[]) AND next_epoch IS DISTINCT FROM $3::integer
	   AND NOT EXISTS (SELECT FROM touched WHERE workspace_id = $1::bigint AND epoch = $3::integer AND organisation = s.organisation)
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
       next_seller = CASE WHEN s.next_epoch <= $2::integer THEN s.next_seller ELSE s.seller END,
       next_seller_derived = CASE WHEN s.next_epoch <= $2::integer THEN s.next_seller_derived ELSE s.seller_derived END,
       next_revenue_12m = CASE WHEN s.next_epoch <= $2::integer THEN s.next_revenue_12m ELSE s.revenue_12m END,
       next_revenue_prior_12m = CASE WHEN s.next_epoch <= $2::integer THEN s.next_revenue_prior_12m ELSE s.revenue_prior_12m END,
       next_revenue_182 = CASE WHEN s.next_epoch <= $2::integer THEN s.next_revenue_182 ELSE s.revenue_182 END,
       next_revenue_prior_182 = CASE WHEN s.next_epoch <= $2::integer THEN s.next_revenue_prior_182 ELSE s.revenue_prior_182 END,
       next_margin_12m = CASE WHEN s.next_epoch <= $2::integer THEN s.next_margin_12m ELSE s.margin_12m END,
       next_minutes_12m = CASE WHEN s.next_epoch <= $2::integer THEN s.next_minutes_12m ELSE s.minutes_12m END,
       next_rhythm = CASE WHEN s.next_epoch <= $2::integer THEN s.next_rhythm ELSE s.rhythm END,
       next_orders = CASE WHEN s.next_epoch <= $2::integer THEN s.next_orders ELSE s.orders END,
       next_reach = CASE WHEN s.next_epoch <= $2::integer THEN s.next_reach ELSE s.reach END,
       next_inbound = CASE WHEN s.next_epoch <= $2::integer THEN s.next_inbound ELSE s.inbound END,
       next_directed = CASE WHEN s.next_epoch <= $2::integer THEN s.next_directed ELSE s.directed END,
       next_lines_12m = CASE WHEN s.next_epoch <= $2::integer THEN s.next_lines_12m ELSE s.lines_12m END
  FROM unnest($4::text[], $5::text[], $6::text[], $7::integer[], $8::integer[], $9::integer[], $10::smallint[], $11::smallint[])
       AS new (organisation, tier, list, engagement, potential, keep_score, engagement_side, potential_side)
       JOIN mine USING (organisation)
 WHERE s.workspace_id = $1::bigint AND s.organisation = new.organisation
RETURNING s.organisation, s.next_seller, (SELECT status FROM organisation WHERE workspace_id = $1::bigint AND id = s.organisation)
