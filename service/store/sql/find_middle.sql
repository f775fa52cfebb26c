-- $1 workspace. The organisation in the middle of the book: about as many before it as from it on. Rows: at most one, none for an empty book. Primary key.
SELECT organisation
  FROM standing
 WHERE workspace_id = $1::bigint AND edition = (SELECT edition FROM workspace WHERE id = $1::bigint)
 ORDER BY organisation
OFFSET (SELECT count(*) / 2
          FROM standing
         WHERE workspace_id = $1::bigint AND edition = (SELECT edition FROM workspace WHERE id = $1::bigint))
 LIMIT 1
