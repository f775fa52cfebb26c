-- Standings in editions: a row holds one set of values, and the workspace says which edition readers see. A flip that changes much writes a new edition beside
-- the present one instead of a second set of columns in every row.

ALTER TABLE workspace
	ADD COLUMN edition integer NOT NULL DEFAULT 0,
	ADD COLUMN unswept boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN workspace.edition IS 'The edition of standing that readers see: the number of the epoch it was written for.';
COMMENT ON COLUMN workspace.unswept IS 'standing may hold rows of other editions: what was in force before, or what a flip that broke off had written.';
COMMENT ON COLUMN workspace.epoch IS 'Grows by one with every flip of day, policy or review; history of later epochs is not in force.';
COMMENT ON COLUMN workspace.next_epoch IS 'A flip being prepared: while computing, writers mark what they touch; while writing, they score under both and write both editions.';

ALTER TABLE touched ADD COLUMN hidden boolean NOT NULL DEFAULT false;
CREATE INDEX touched_hidden ON touched (workspace_id, epoch, organisation) WHERE hidden;
COMMENT ON COLUMN touched.hidden IS 'Hidden while the flip was being written: what the flip wrote of it beside that must not come into force.';

DELETE FROM change AS c USING workspace AS w WHERE w.id = c.workspace_id AND c.epoch > w.epoch;
DELETE FROM touched;

DROP VIEW standing_in_force;
ALTER TABLE standing RENAME TO standing_before;
ALTER INDEX standing_pkey RENAME TO standing_before_pkey;
DROP INDEX standing_by_seller, standing_by_next_seller, standing_by_tier, standing_by_next_tier;

CREATE TABLE standing (
	workspace_id bigint NOT NULL,
	organisation text COLLATE "C" NOT NULL,
	edition integer NOT NULL,
	is_account boolean NOT NULL,
	margin_pct integer NOT NULL,
	tier text COLLATE "C",
	list text COLLATE "C",
	engagement integer,
	potential integer,
	keep_score integer,
	engagement_side smallint NOT NULL DEFAULT 0,
	potential_side smallint NOT NULL DEFAULT 0,
	seller text COLLATE "C",
	seller_derived boolean NOT NULL DEFAULT false,
	revenue_12m bigint NOT NULL,
	revenue_prior_12m bigint NOT NULL,
	revenue_182 bigint NOT NULL,
	revenue_prior_182 bigint NOT NULL,
	margin_12m bigint NOT NULL,
	minutes_12m bigint NOT NULL,
	rhythm bigint NOT NULL,
	orders bigint NOT NULL,
	reach integer NOT NULL,
	inbound integer NOT NULL,
	directed integer NOT NULL,
	lines_12m integer NOT NULL,
	PRIMARY KEY (workspace_id, organisation, edition)
) WITH (fillfactor = 80);
COMMENT ON TABLE standing IS 'All that is derived of one organisation that is not hidden: its measures on the book''s day, scores, tier, list, seller.';
COMMENT ON COLUMN standing.edition IS 'Readers see the rows of workspace.edition; writers keep those of a flip that is being written up to date as well.';
COMMENT ON COLUMN standing.margin_pct IS 'Hundredths of a percent: what revenue_day.margin was computed with.';
COMMENT ON COLUMN standing.rhythm IS 'Decay sum times 2^32, as is orders.';
COMMENT ON COLUMN standing.engagement_side IS 'Side of the cut-off that the review stored: 0 none, 1 low, 2 high.';
COMMENT ON COLUMN standing.seller IS 'Stated, else derived from deals and activities.';
COMMENT ON COLUMN standing.tier IS 'Null: not classified (no review yet, not an active account, nothing recorded).';

INSERT INTO standing
SELECT s.workspace_id, s.organisation, 0, s.is_account, s.margin_pct,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_tier ELSE s.tier END,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_list ELSE s.list END,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_engagement ELSE s.engagement END,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_potential ELSE s.potential END,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_keep_score ELSE s.keep_score END,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_engagement_side ELSE s.engagement_side END,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_potential_side ELSE s.potential_side END,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_seller ELSE s.seller END,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_seller_derived ELSE s.seller_derived END,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_revenue_12m ELSE s.revenue_12m END,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_revenue_prior_12m ELSE s.revenue_prior_12m END,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_revenue_182 ELSE s.revenue_182 END,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_revenue_prior_182 ELSE s.revenue_prior_182 END,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_margin_12m ELSE s.margin_12m END,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_minutes_12m ELSE s.minutes_12m END,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_rhythm ELSE s.rhythm END,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_orders ELSE s.orders END,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_reach ELSE s.reach END,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_inbound ELSE s.inbound END,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_directed ELSE s.directed END,
       CASE WHEN s.next_epoch <= w.epoch THEN s.next_lines_12m ELSE s.lines_12m END
  FROM standing_before AS s JOIN workspace AS w ON w.id = s.workspace_id;
DROP TABLE standing_before;

-- A flip that was under way begins again.
UPDATE workspace
   SET next_epoch = NULL, next_state = NULL, next_day = NULL, next_policy = NULL, next_review = NULL
 WHERE next_epoch IS NOT NULL;

-- Falling potential is kept as its negative, so that one row comparison goes on behind a key.
CREATE INDEX standing_by_seller ON standing (workspace_id, edition, seller, organisation);
CREATE INDEX standing_by_tier ON standing (workspace_id, edition, tier, (-potential), organisation) WHERE tier IS NOT NULL;

CREATE VIEW standing_in_force AS
SELECT s.*
  FROM standing AS s JOIN workspace AS w ON w.id = s.workspace_id AND w.edition = s.edition;
COMMENT ON VIEW standing_in_force IS 'standing as readers see it: at every instant under one edition.';
