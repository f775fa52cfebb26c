-- $1 name. Rows: at most one. Unique index on name.
SELECT id, currency, currency_digits FROM workspace WHERE name = $1::text
