-- $1 name, $2 currency, $3 its decimals, $4 secret of its HMACs, $5 its day. Rows: the new id; none when the name is taken. Unique index on name.
INSERT INTO workspace (name, currency, currency_digits, secret, day)
VALUES ($1::text, $2::text, $3::smallint, $4::bytea, $5::date)
ON CONFLICT (name) DO NOTHING
RETURNING id
