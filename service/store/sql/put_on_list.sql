-- $1 workspace, $2 seller, $3 list, $4 prospect, $5 key, $6 actor. Puts a prospect on a seller's list by hand, unless that is full. Rows: one: what was said (put, full, no seller,
-- no prospect), the cap, how many are there, and of a full list the weakest: id, name, fit (its weight in hundredths), expected annual amount. Primary keys; standing_by_cap.
SELECT said, cap, present, weakest, weakest_name, weakest_fit, weakest_annual
  FROM put_on_list($1::bigint, $2::text, $3::text, $4::text, $5::text, $6::text)
