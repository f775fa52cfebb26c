-- $1 workspace, $2 review, then one array a column of review_seller: seller, deals, won, average won (minor units) and its rest, pursuits, effort. A seller erased meanwhile is left out.
-- Rows: none. Primary keys.
INSERT INTO review_seller (workspace_id, review, seller, deals, won, average_won, average_won_rest, pursuits, effort)
SELECT $1::bigint, $2::integer, new.*
  FROM unnest($3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[]) AS new (seller)
       JOIN seller AS s ON s.workspace_id = $1::bigint AND s.id = new.seller
 ORDER BY s.id
   FOR KEY SHARE OF s
