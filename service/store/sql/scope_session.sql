-- $1 workspace. What copy_book reads, until the transaction ends, for COPY takes no parameters; and room to join a whole book without spilling. Rows: one.
SELECT set_config('sweetspot.workspace', $1::bigint::text, true), set_config('work_mem', '64MB', true)
