-- $1 workspace. Every spelling of a region among the sellers: regions compare case-folded, which the database cannot. Rows: one a spelling. seller as a whole.
SELECT DISTINCT region
  FROM seller
 WHERE workspace_id = $1::bigint AND NOT deleted AND region IS NOT NULL
