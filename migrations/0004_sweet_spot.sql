-- What a review freezes of deal sizes: the bands, what they were judged by, and each seller's own deals.

ALTER TABLE review
	ADD COLUMN effort_basis           text CHECK (effort_basis IN ('days', 'hours')),
	ADD COLUMN without_amount         bigint,
	ADD COLUMN weekly_hours           bigint,
	ADD COLUMN quota                  bigint,
	ADD COLUMN account_management_pct integer,
	ADD COLUMN quota_infeasible       boolean,
	ADD COLUMN derived_floor          bigint;
COMMENT ON COLUMN review.effort_basis IS 'In what a pursuit''s effort was counted. Null: made before reviews looked at sizes.';
COMMENT ON COLUMN review.without_amount IS 'Deals closed in the 730 days that said no amount above 0.';
COMMENT ON COLUMN review.weekly_hours IS 'Of all active sellers, hundredths of an hour; null, like quota: not known of each.';
COMMENT ON COLUMN review.quota IS 'Of all active sellers, minor units a year.';
COMMENT ON COLUMN review.account_management_pct IS 'Hundredths of a percent: the share of the hours that was not for new business.';
COMMENT ON COLUMN review.quota_infeasible IS 'A year of nothing but the deals of any one band would not make the number: so there is no derived floor.';
COMMENT ON COLUMN review.derived_floor IS 'Minor units: the upper end of the bands that are too small; null: none is.';

CREATE TABLE review_band (
	workspace_id      bigint NOT NULL,
	review            integer NOT NULL,
	position          smallint NOT NULL,
	from_amount       bigint NOT NULL,
	to_amount         bigint NOT NULL,
	deals             bigint NOT NULL,
	won               bigint NOT NULL,
	average_won       bigint NOT NULL,
	average_won_rest  bigint NOT NULL,
	pursuits          bigint NOT NULL,
	effort            bigint NOT NULL,
	median_cycle_days integer,
	value_index       bigint,
	accounts          bigint NOT NULL,
	service_minutes   bigint NOT NULL,
	verdict           text NOT NULL CHECK (verdict IN ('outside', 'sweet_spot', 'too_small', 'cannot_tell')),
	PRIMARY KEY (workspace_id, review, position),
	FOREIGN KEY (workspace_id, review) REFERENCES review
);
COMMENT ON TABLE review_band IS 'The size bands of a review, from the lowest: deals closed in the 730 days up to its day with from_amount <= amount < to_amount, minor units.';
COMMENT ON COLUMN review_band.from_amount IS '0: no lower end.';
COMMENT ON COLUMN review_band.to_amount IS '0: no upper end.';
COMMENT ON COLUMN review_band.average_won IS 'Whole minor units of the won amount divided by won; average_won_rest is what is left, so that the sum, which may pass bigint, is kept exactly.';
COMMENT ON COLUMN review_band.pursuits IS 'Those of the deals that tell their effort.';
COMMENT ON COLUMN review_band.effort IS 'Of the pursuits together: minutes with hours as basis, else days.';
COMMENT ON COLUMN review_band.value_index IS 'Times 10000; null: cannot be told.';
COMMENT ON COLUMN review_band.accounts IS 'Organisations whose average won deal lies in the band; service_minutes are theirs in 12 months.';

CREATE TABLE review_seller (
	workspace_id     bigint NOT NULL,
	review           integer NOT NULL,
	seller           text COLLATE "C" NOT NULL,
	deals            bigint NOT NULL,
	won              bigint NOT NULL,
	average_won      bigint NOT NULL,
	average_won_rest bigint NOT NULL,
	pursuits         bigint NOT NULL,
	effort           bigint NOT NULL,
	PRIMARY KEY (workspace_id, review, seller),
	FOREIGN KEY (workspace_id, review) REFERENCES review,
	FOREIGN KEY (workspace_id, seller) REFERENCES seller ON DELETE CASCADE
);
COMMENT ON TABLE review_seller IS 'What each seller''s own deals of the same 730 days added up to, columns as in review_band: for what larger deals would make of them. An erased seller goes with all of theirs.';
