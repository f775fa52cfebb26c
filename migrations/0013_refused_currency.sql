-- Records that were refused because policy.rates had no rate for their currency: they are nowhere else, and whoever asks what the book is missing must be told.

CREATE TABLE refused_currency (
	workspace_id bigint NOT NULL,
	kind         text COLLATE "C" NOT NULL,
	currency     text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
	records      bigint NOT NULL CHECK (records > 0),
	first_at     timestamptz NOT NULL,
	last_at      timestamptz NOT NULL,
	PRIMARY KEY (workspace_id, currency, kind)
);
COMMENT ON TABLE refused_currency IS 'How many records of a kind were refused for want of a rate. Nothing of the records themselves.';
COMMENT ON COLUMN refused_currency.workspace_id IS 'The book they were meant for.';
COMMENT ON COLUMN refused_currency.kind IS 'As in the path: accounts, prospects, deals, revenue …';
COMMENT ON COLUMN refused_currency.currency IS 'ISO 4217.';
COMMENT ON COLUMN refused_currency.records IS 'Each time that one was sent.';
COMMENT ON COLUMN refused_currency.first_at IS 'When the first one came.';
COMMENT ON COLUMN refused_currency.last_at IS 'When the last one came.';
