-- Forgets answers that need not be repeated any more, 1,000 at a time. Rows: one a key forgotten. idempotency_by_expiry.
DELETE FROM idempotency
 WHERE (workspace_id, key) IN (SELECT workspace_id, key
                                 FROM idempotency
                                WHERE expires_at < now()
                                ORDER BY expires_at
                                LIMIT 1000
                                  FOR UPDATE SKIP LOCKED)
RETURNING key
