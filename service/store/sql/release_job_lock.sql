-- $1 workspace. Lets other sessions run the workspace's jobs. Rows: one.
SELECT pg_advisory_unlock(6005344813581467648 # $1::bigint)
