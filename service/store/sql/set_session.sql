-- $1 statement, $2 lock, $3 idle-in-transaction time-out, milliseconds, 0: none; $4 plan_cache_mode, $5 sequential and bitmap scans: a plan
-- kept since a table was young would otherwise go on reading it whole when it has grown, and a page of 50 would first collect and sort all that it could go on to. One row; no table. The first statement on every connection.
SELECT set_config('statement_timeout', $1::bigint::text, false),
       set_config('lock_timeout', $2::bigint::text, false),
       set_config('idle_in_transaction_session_timeout', $3::bigint::text, false),
       set_config('plan_cache_mode', $4::text, false),
       set_config('enable_seqscan', CASE WHEN $5::boolean THEN 'on' ELSE 'off' END, false),
       set_config('enable_bitmapscan', CASE WHEN $5::boolean THEN 'on' ELSE 'off' END, false),
       set_config('jit', 'off', false),
       set_config('TimeZone', 'UTC', false)
