-- $1 workspace. Waits for the writers of the workspace and keeps new ones waiting until the transaction ends. Rows: one.
SELECT pg_advisory_xact_lock(6005344792186191872 # $1::bigint)
