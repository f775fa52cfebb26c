-- $1 milliseconds that this transaction waits for any lock: whoever waits for the exclusive lock holds up all writers behind it. Rows: one.
SELECT set_config('lock_timeout', $1::bigint::text, true)
