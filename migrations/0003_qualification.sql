-- Verdicts of prospects, and how far every organisation fits the criteria of the policy in force (domain.md section 5).

ALTER TABLE standing
	ADD COLUMN verdict text COLLATE "C",
	ADD COLUMN expected_annual bigint,
	ADD COLUMN size_source text COLLATE "C",
	ADD COLUMN fit_passed integer,
	ADD COLUMN fit_possible integer,
	ADD COLUMN findings text COLLATE "C",
	ADD COLUMN open_amount bigint,
	ADD COLUMN largest_open bigint,
	ADD COLUMN access boolean;
COMMENT ON COLUMN standing.verdict IS 'Of prospects, once there is a review: not_ours, throw_back, unknown, later, now.';
COMMENT ON COLUMN standing.expected_annual IS 'What a prospect is expected to bring in a year, minor units; null: nobody knows.';
COMMENT ON COLUMN standing.size_source IS 'Where expected_annual comes from: given, deals, estimate.';
COMMENT ON COLUMN standing.fit_passed IS 'Weight of the criteria passed, hundredths of a weight; null: the policy has none. Of accounts too: it is part of their potential.';
COMMENT ON COLUMN standing.fit_possible IS 'The same with what is unknown counted as passed.';
COMMENT ON COLUMN standing.findings IS 'Of prospects, a letter for each criterion in the order of the policy: p passed, f failed, u unknown.';
COMMENT ON COLUMN standing.open_amount IS 'Of prospects, the open deals with an amount above 0, minor units; null: none.';
COMMENT ON COLUMN standing.largest_open IS 'The largest of them.';
COMMENT ON COLUMN standing.access IS 'Of prospects, whether somebody who decides can be reached: as stated, else true through a contact; null: unknown.';

DROP VIEW standing_in_force;
CREATE VIEW standing_in_force AS
SELECT s.*
  FROM standing AS s JOIN workspace AS w ON w.id = s.workspace_id AND w.edition = s.edition;
COMMENT ON VIEW standing_in_force IS 'standing as readers see it: at every instant under one edition.';

-- What falls is kept as its negative, so that one row comparison goes on behind a key. A fit that is unknown comes last.
CREATE INDEX standing_by_verdict ON standing (workspace_id, edition, verdict, (-coalesce(fit_passed, -1)), organisation) WHERE verdict IS NOT NULL;
CREATE INDEX standing_by_cap ON standing
	(workspace_id, edition, seller, list, (-coalesce(fit_passed, -1)), (-coalesce(expected_annual, -1)), organisation)
	WHERE list IN ('target', 'lead');
-- Won deals are most of what there is; a prospect's open ones are looked for at every write.
CREATE INDEX deal_open ON deal (workspace_id, organisation, opened_on) WHERE stage = 'open' AND NOT deleted;

ALTER TABLE change
	ADD COLUMN verdict text COLLATE "C",
	ADD COLUMN previous_verdict text COLLATE "C",
	ADD COLUMN expected_annual bigint,
	ADD COLUMN fit integer,
	ADD COLUMN fit_best integer,
	ADD COLUMN findings text COLLATE "C";
COMMENT ON COLUMN change.fit IS 'Hundredths, 0 to 10000, as fit_best.';
COMMENT ON TABLE change IS 'Every change of tier, list, verdict, seller or status, with the contributions then in force. Append-only, erasing aside; rows of an epoch not yet in force are not there for readers.';
COMMENT ON COLUMN change.findings IS 'As standing.findings, under the policy of the line.';

ALTER TABLE review ADD COLUMN verdicts jsonb;
COMMENT ON COLUMN review.verdicts IS 'How many prospects of each verdict.';

-- Books that stand have to be gone through once.
ALTER TABLE workspace ADD COLUMN judged boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN workspace.judged IS 'False: standings were written by a version that did not know all of what they hold; the next flip, which is due at once, writes them anew.';
UPDATE workspace SET judged = false;

CREATE FUNCTION is_over_cap(of_workspace bigint, of_policy integer, of_edition integer, of_organisation text, of_seller text, of_list text,
                            fit_passed integer, expected_annual bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
SELECT (SELECT count(*)
          FROM (SELECT
                  FROM standing AS s
                 WHERE s.workspace_id = $1 AND s.edition = $3 AND s.seller = $5 AND s.list = $6 AND s.list IN ('target', 'lead')
                   AND (-coalesce(s.fit_passed, -1), -coalesce(s.expected_annual, -1), s.organisation) < (-coalesce($7, -1), -coalesce($8, -1), $4)
                 LIMIT cap.most) AS ahead) >= cap.most
  FROM (SELECT (document ->> CASE $6 WHEN 'target' THEN 'max_targets' ELSE 'max_leads' END)::bigint AS most
          FROM policy
         WHERE workspace_id = $1 AND version = $2) AS cap
 WHERE $5 IS NOT NULL
$$;
COMMENT ON FUNCTION is_over_cap IS 'Whether as many prospects of its seller''s list come before one as the policy''s cap holds, by fit, expected annual amount and id. Null where no seller is known: there is no cap.';
