-- The largest version of any key: it grows with every change of a key, in commit order. Rows: one. api_key_version_idx.
SELECT coalesce(max(version), 0) FROM api_key
