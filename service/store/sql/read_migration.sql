-- The last migration applied, 0: none. Rows: one. Primary key.
SELECT coalesce(max(number), 0) FROM schema_migration
