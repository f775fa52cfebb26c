-- $1 workspace, $2 key, $3 fingerprint (SHA-256), $4 lease in ms. What a POST finds under its key: reserved (with an import's checkpoint), running, done (with the
-- answer) or other (another fingerprint). Rows: one; none when another has reserved it since the snapshot. Primary key.
WITH mine AS (
	INSERT INTO idempotency AS kept (workspace_id, key, fingerprint, state, lease_until, expires_at)
	VALUES ($1::bigint, $2::text, $3::bytea, 'running', now() + make_interval(secs => $4::bigint / 1000.0), now() + interval '24 hours')
	ON CONFLICT (workspace_id, key) DO UPDATE
	SET fingerprint = excluded.fingerprint,
	    state = 'running',
	    lease_until = excluded.lease_until,
	    expires_at = excluded.expires_at,
	    status = NULL,
	    headers = NULL,
	    body = NULL,
	    rows_done = CASE WHEN kept.expires_at <= now() THEN 0 ELSE kept.rows_done END,
	    progress = CASE WHEN kept.expires_at <= now() THEN NULL ELSE kept.progress END
	WHERE kept.expires_at <= now()
	   OR (kept.state = 'running' AND kept.lease_until <= now() AND kept.fingerprint = excluded.fingerprint)
	RETURNING rows_done, progress
)
SELECT 'reserved'::text AS found, rows_done, progress, NULL::integer AS status, NULL::jsonb AS headers, NULL::bytea AS body
  FROM mine
 UNION ALL
SELECT CASE WHEN fingerprint <> $3::bytea THEN 'other' ELSE state END, rows_done, NULL, status, headers, body
  FROM idempotency
 WHERE workspace_id = $1::bigint AND key = $2::text AND NOT EXISTS (SELECT FROM mine)
