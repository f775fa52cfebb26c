-- $1 number, $2 name. In the transaction of the migration itself. Rows: none.
INSERT INTO schema_migration (number, name) VALUES ($1::integer, $2::text)
