-- $1 workspace, $2 review, then clients, key cut-off (minor units, null: none), key revenue, revenue, both cut-offs (hundredths), full reach, rhythm and orders (times
-- 2^32), initiative available, revenue source, half-year momentum, lines offered, deals per year, the book's first revenue, then counts by tier and by list,
-- the margin of steadiness (hundredths), counts by verdict, then of the secondaries that could become key their number, revenue and headroom (minor units).
-- What the review froze, before it is in force. Rows: none. Primary key.
UPDATE review
   SET state = 'writing', clients = $3::bigint, key_cutoff = $4::bigint, key_revenue = $5::bigint, revenue = $6::bigint,
       engagement_cut = $7::integer, potential_cut = $8::integer, full_reach = $9::bigint, full_rhythm = $10::bigint,
       full_orders = $11::bigint, initiative_available = $12::boolean, revenue_source = $13::text, half_year_momentum = $14::boolean,
       lines_offered = $15::integer, deals_per_year = $16::bigint, first_revenue_on = $17::date, tiers = $18::jsonb, lists = $19::jsonb,
       margin = $20::integer, verdicts = $21::jsonb, contenders = $22::bigint, contender_revenue = $23::bigint,
       contender_headroom = $24::bigint
 WHERE workspace_id = $1::bigint AND number = $2::integer
