-- $1 workspace. What is in force cannot change until the transaction ends; any number of writers share it. Rows: one.
SELECT pg_advisory_xact_lock_shared(6005344792186191872 # $1::bigint)
