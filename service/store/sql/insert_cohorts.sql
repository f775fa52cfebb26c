-- $1 workspace, $2 review, then one array a column: industry (folded; empty with all clients), all clients, employee band (0: the whole industry), clients, median,
-- 75th percentile (minor units). Rows: none. Primary key.
INSERT INTO review_cohort (workspace_id, review, industry_key, all_clients, band, clients, median, p75)
SELECT $1::bigint, $2::integer, new.*
  FROM unnest($3::text[], $4::boolean[], $5::smallint[], $6::bigint[], $7::bigint[], $8::bigint[]) AS new
