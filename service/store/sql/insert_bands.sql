-- $1 workspace, $2 review, then one array a column of review_band: position from 1, both ends (minor units, 0: open), deals, won, average won and its rest, pursuits, effort, median cycle days,
-- value index (times 10000), accounts, service minutes, verdict. Rows: none. Primary key.
INSERT INTO review_band (workspace_id, review, position, from_amount, to_amount, deals, won, average_won, average_won_rest, pursuits, effort,
                         median_cycle_days, value_index, accounts, service_minutes, verdict)
SELECT $1::bigint, $2::integer, new.*
  FROM unnest($3::smallint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[],
              $12::integer[], $13::bigint[], $14::bigint[], $15::bigint[], $16::text[]) AS new
