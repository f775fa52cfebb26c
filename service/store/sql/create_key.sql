-- $1 workspace, $2 id, $3 SHA-256 of the key, $4 role. Under lock_keys. Rows: none.
INSERT INTO api_key (workspace_id, id, hash, role)
VALUES ($1::bigint, $2::text, $3::bytea, $4::text)
