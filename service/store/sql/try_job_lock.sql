-- $1 workspace. Whether this session may run the workspace's jobs: one session of all instances at a time, until it unlocks or ends. Rows: one.
SELECT pg_try_advisory_lock(6005344813581467648 # $1::bigint)
