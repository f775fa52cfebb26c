-- Until the session ends, one migrator alone. Rows: one.
SELECT pg_advisory_lock(6005344792186191871)
