-- $1 workspace, $2 day. What copy_closed_deals reads, until the transaction ends, for COPY takes no parameters; and room to join. Rows: one.
SELECT set_config('sweetspot.workspace', $1::bigint::text, true), set_config('sweetspot.day', $2::date::text, true), set_config('work_mem', '64MB', true)
