-- $1 workspace, $2 version. Rows: at most one: the document, decimals of the workspace's currency. Primary key.
SELECT p.document, w.currency_digits
  FROM policy p
  JOIN workspace w ON w.id = p.workspace_id
 WHERE p.workspace_id = $1::bigint AND p.version = $2::integer
