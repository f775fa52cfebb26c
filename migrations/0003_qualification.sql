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

-- What somebody put on a seller's list, or took off it, beside what is computed.
CREATE TABLE assignment (
	workspace_id bigint NOT NULL REFERENCES workspace,
	organisation text COLLATE "C" NOT NULL,
	seller       text COLLATE "C" NOT NULL,
	list         text COLLATE "C" NOT NULL CHECK (list IN ('target', 'lead')),
	is_on        boolean NOT NULL,
	at           timestamptz NOT NULL DEFAULT now(),
	key_id       text,
	actor        text,
	PRIMARY KEY (workspace_id, organisation)
);
CREATE INDEX assignment_by_seller ON assignment (workspace_id, seller, list, organisation) WHERE is_on;
COMMENT ON TABLE assignment IS 'Prospects put on a seller''s target or lead list by hand, or (not is_on) taken off it. Never replaces what is computed.';

CREATE FUNCTION cap_of(of_workspace bigint, of_policy integer, of_list text) RETURNS bigint LANGUAGE sql STABLE AS $$
SELECT (document ->> CASE $3 WHEN 'target' THEN 'max_targets' ELSE 'max_leads' END)::bigint
  FROM policy
 WHERE workspace_id = $1 AND version = $2
$$;
COMMENT ON FUNCTION cap_of IS 'How many a seller''s target or lead list holds under a version of the policy.';

CREATE FUNCTION is_over_cap(of_workspace bigint, of_policy integer, of_edition integer, of_organisation text, of_seller text, of_list text,
                            fit_passed integer, expected_annual bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
SELECT (SELECT count(*)
          FROM (SELECT
                  FROM assignment AS a
                       JOIN standing AS p ON p.workspace_id = $1 AND p.organisation = a.organisation AND p.edition = $3 AND NOT p.is_account
                 WHERE a.workspace_id = $1 AND a.seller = $5 AND a.list = $6 AND a.is_on
                UNION ALL
                SELECT
                  FROM standing AS s
                 WHERE s.workspace_id = $1 AND s.edition = $3 AND s.seller = $5 AND s.list = $6 AND s.list IN ('target', 'lead')
                   AND (-coalesce(s.fit_passed, -1), -coalesce(s.expected_annual, -1), s.organisation) < (-coalesce($7, -1), -coalesce($8, -1), $4)
                   AND NOT EXISTS (SELECT FROM assignment AS a WHERE a.workspace_id = $1 AND a.organisation = s.organisation)
                 LIMIT cap.most) AS ahead) >= cap.most
       AND NOT EXISTS (SELECT FROM assignment AS a WHERE a.workspace_id = $1 AND a.organisation = $4)
  FROM (SELECT cap_of($1, $2, $6) AS most) AS cap
 WHERE $5 IS NOT NULL
$$;
COMMENT ON FUNCTION is_over_cap IS 'Whether those put by hand on its seller''s list, and those that come before one by fit, expected annual amount and id, are as many as the policy''s cap. Null where no seller is known: there is no cap.';

CREATE FUNCTION list_of_seller(of_workspace bigint, of_seller text, of_list text, of_edition integer, most bigint)
RETURNS TABLE (organisation text, by_hand boolean, verdict text, fit_passed integer, expected_annual bigint) LANGUAGE sql STABLE AS $$
SELECT organisation, by_hand, verdict, fit_passed, expected_annual
  FROM ((SELECT a.organisation, true AS by_hand, s.verdict, s.fit_passed, s.expected_annual
           FROM assignment AS a
                JOIN standing AS s ON s.workspace_id = $1 AND s.organisation = a.organisation AND s.edition = $4
          WHERE a.workspace_id = $1 AND a.seller = $2 AND a.list = $3 AND a.is_on AND NOT s.is_account)
        UNION ALL
        (SELECT s.organisation, false, s.verdict, s.fit_passed, s.expected_annual
           FROM standing AS s
          WHERE s.workspace_id = $1 AND s.edition = $4 AND s.seller = $2 AND s.list = $3 AND s.list IN ('target', 'lead')
            AND NOT EXISTS (SELECT FROM assignment AS a WHERE a.workspace_id = $1 AND a.organisation = s.organisation)
          ORDER BY -coalesce(s.fit_passed, -1), -coalesce(s.expected_annual, -1), s.organisation
          LIMIT $5)) AS members
 ORDER BY NOT by_hand, -coalesce(fit_passed, -1), -coalesce(expected_annual, -1), organisation
 LIMIT $5
$$;
COMMENT ON FUNCTION list_of_seller IS 'A seller''s target or lead list: first whom somebody put there, then by fit, expected annual amount and id, but whom somebody took off.';

-- Each statement of it sees what was committed before it, so that the lock keeps two from taking the last place.
CREATE FUNCTION put_on_list(of_workspace bigint, of_seller text, of_list text, of_organisation text, by_key text, by_actor text)
RETURNS TABLE (said text, cap bigint, present bigint, weakest text, weakest_name text, weakest_fit integer, weakest_annual bigint)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	force workspace%ROWTYPE;
BEGIN
	PERFORM pg_advisory_xact_lock(hashtextextended($2 || chr(10) || $3, $1));
	SELECT * INTO force FROM workspace WHERE id = $1;
	said := CASE
		WHEN NOT EXISTS (SELECT FROM seller WHERE workspace_id = $1 AND id = $2 AND NOT deleted) THEN 'no seller'
		WHEN NOT EXISTS (SELECT FROM organisation WHERE workspace_id = $1 AND id = $4 AND NOT deleted AND NOT is_account) THEN 'no prospect'
	END;
	IF said IS NOT NULL THEN
		RETURN NEXT;
		RETURN;
	END IF;
	cap := cap_of($1, force.policy, $3);
	SELECT count(*) INTO present FROM list_of_seller($1, $2, $3, force.edition, cap + 1) AS l WHERE l.organisation <> $4;
	IF present >= cap THEN
		said := 'full';
		SELECT l.organisation, o.name, l.fit_passed, l.expected_annual
		  INTO weakest, weakest_name, weakest_fit, weakest_annual
		  FROM list_of_seller($1, $2, $3, force.edition, cap) AS l JOIN organisation AS o ON o.workspace_id = $1 AND o.id = l.organisation
		 WHERE l.organisation <> $4
		 ORDER BY -coalesce(l.fit_passed, -1) DESC, -coalesce(l.expected_annual, -1) DESC, l.organisation DESC
		 LIMIT 1;
	ELSE
		said := 'put';
		INSERT INTO assignment (workspace_id, organisation, seller, list, is_on, key_id, actor)
		VALUES ($1, $4, $2, $3, true, $5, $6)
		ON CONFLICT (workspace_id, organisation) DO UPDATE
		   SET seller = excluded.seller, list = excluded.list, is_on = true, at = now(), key_id = excluded.key_id, actor = excluded.actor;
	END IF;
	RETURN NEXT;
END
$$;
COMMENT ON FUNCTION put_on_list IS 'Puts a prospect on a seller''s list, unless it is full: then it names the weakest there. said: put, full, no seller, no prospect.';
