-- Where the migrator keeps what it has done; not a migration itself, for it must be there before the first. Rows: none.
CREATE TABLE IF NOT EXISTS schema_migration (
	number     integer PRIMARY KEY,
	name       text NOT NULL,
	applied_at timestamptz NOT NULL DEFAULT now()
)
