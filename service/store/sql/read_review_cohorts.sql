-- $1 workspace, $2 number. The frozen cohorts, all clients first, then by industry and band. Rows: some thousand at most. Primary key.
SELECT all_clients, industry_key, band, clients, median, p75
  FROM review_cohort
 WHERE workspace_id = $1::bigint AND review = $2::integer
 ORDER BY all_clients DESC, industry_key, band
