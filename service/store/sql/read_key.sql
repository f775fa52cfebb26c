-- $1 SHA-256 of a key. Whom it speaks for. Rows: at most one, none for a revoked key. Unique index on hash.
SELECT k.workspace_id, k.id, k.role, w.currency, w.currency_digits
  FROM api_key k
  JOIN workspace w ON w.id = k.workspace_id
 WHERE k.hash = $1::bytea AND k.revoked_at IS NULL
