-- $1 workspace, $2 review. The sellers that won a deal in the review's 730 days and are not hidden, with what their own deals added up to. Rows: one a seller, by id. Primary keys.
SELECT b.seller, b.deals, b.won, b.average_won, b.average_won_rest, b.pursuits, b.effort
  FROM review_seller AS b
       JOIN seller AS s ON s.workspace_id = b.workspace_id AND s.id = b.seller
 WHERE b.workspace_id = $1::bigint AND b.review = $2::integer AND b.won > 0 AND NOT s.deleted
 ORDER BY b.seller
