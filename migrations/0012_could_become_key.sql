-- Which secondaries could become key (domain.md section 2): clients on secondary whose annual potential, stated or estimated, reaches the key cut-off. Kept with every
-- standing, so that a list finds them; how many, and the first of them, frozen with every review.

ALTER TABLE standing ADD COLUMN could_become_key boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN standing.could_become_key IS 'A client on secondary whose annual potential reaches the key cut-off of the review in force.';

CREATE OR REPLACE VIEW standing_in_force AS
SELECT s.*
  FROM standing AS s JOIN workspace AS w ON w.id = s.workspace_id AND w.edition = s.edition;

-- Only those who could are in it; what is false costs nothing.
CREATE INDEX standing_could_become_key ON standing (workspace_id, edition, (-coalesce(potential, -1)), organisation) WHERE could_become_key;

ALTER TABLE review
	ADD COLUMN contenders bigint,
	ADD COLUMN contender_revenue bigint,
	ADD COLUMN contender_headroom bigint;
COMMENT ON COLUMN review.contenders IS 'How many secondaries could become key; null, like the two beside it: made before reviews looked for them.';
COMMENT ON COLUMN review.contender_revenue IS 'What they brought in 12 months, minor units.';
COMMENT ON COLUMN review.contender_headroom IS 'Their annual potential less that, minor units.';

CREATE TABLE review_contender (
	workspace_id     bigint NOT NULL,
	review           integer NOT NULL,
	place            integer NOT NULL,
	organisation     text COLLATE "C" NOT NULL,
	revenue_12m      bigint NOT NULL,
	annual_potential bigint NOT NULL,
	is_estimate      boolean NOT NULL,
	potential        integer,
	PRIMARY KEY (workspace_id, review, place),
	FOREIGN KEY (workspace_id, review) REFERENCES review
);
COMMENT ON TABLE review_contender IS 'The first of the secondaries that could become key at a review, as they were then: by falling potential, then by id. Erasing takes its organisation out.';
COMMENT ON COLUMN review_contender.place IS 'From 1, in their order.';
COMMENT ON COLUMN review_contender.is_estimate IS 'Of annual_potential: from the cohort, not stated.';
COMMENT ON COLUMN review_contender.potential IS 'The score, hundredths; null: none.';
CREATE INDEX review_contender_by_organisation ON review_contender (workspace_id, organisation);

CREATE VIEW review_contenders_shown AS
SELECT c.workspace_id, c.review,
       jsonb_agg(jsonb_build_array(o.id, o.name, c.revenue_12m, c.annual_potential, c.is_estimate, c.potential) ORDER BY c.place) AS shown
  FROM review_contender AS c
       JOIN organisation AS o ON o.workspace_id = c.workspace_id AND o.id = c.organisation AND NOT o.deleted
 GROUP BY c.workspace_id, c.review;
COMMENT ON VIEW review_contenders_shown IS 'Those that are not hidden, in their order, under their present names.';

-- Whom the review in force lets become key is found by going through every book once.
UPDATE workspace SET judged = false;
