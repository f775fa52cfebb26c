-- Lists by hand are writes like any other: the write lane makes them, and the history keeps them with a reason.

ALTER TABLE assignment ADD COLUMN reason text;
COMMENT ON COLUMN assignment.workspace_id IS 'The book it belongs to.';
COMMENT ON COLUMN assignment.organisation IS 'The prospect; one assignment each, the latest. It counts for nothing once that is an account.';
COMMENT ON COLUMN assignment.seller IS 'Whose list it is; perhaps not the seller of the prospect.';
COMMENT ON COLUMN assignment.list IS 'target or lead.';
COMMENT ON COLUMN assignment.is_on IS 'False: taken off that list, and on none.';
COMMENT ON COLUMN assignment.reason IS 'Why, in words; null: nobody said.';
COMMENT ON COLUMN assignment.at IS 'When.';
COMMENT ON COLUMN assignment.key_id IS 'The key that did it.';
COMMENT ON COLUMN assignment.actor IS 'X-Actor of the request.';

CREATE VIEW assignment_shown AS
SELECT workspace_id, organisation,
       jsonb_build_object('list', list, 'seller', seller, 'taken_off', NOT is_on, 'reason', reason, 'by', actor,
                          'at', to_char(at AT TIME ZONE 'UTC', CASE WHEN extract(microseconds FROM at)::bigint % 1000000 = 0 THEN 'YYYY-MM-DD"T"HH24:MI:SS"Z"'
                                                                    WHEN extract(microseconds FROM at)::bigint % 1000 = 0 THEN 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
                                                                    ELSE 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'
                                                               END)) AS shown
  FROM assignment;
COMMENT ON VIEW assignment_shown IS 'Assignments as the history keeps them.';

ALTER TABLE change
	ADD COLUMN assigned          jsonb,
	ADD COLUMN previous_assigned jsonb;
COMMENT ON TABLE change IS 'Every change of tier, list, verdict, seller, status, protection, override or assignment, and every decision, with the contributions then in force. Append-only, erasing aside; rows of an epoch not yet in force are not there for readers.';
COMMENT ON COLUMN change.assigned IS 'Of a prospect, the list by hand that stood, as assignment_shown has it; null: none.';

-- Not validated: what stands was held to less.
ALTER TABLE change DROP CONSTRAINT change_cause_check;
ALTER TABLE change ADD CONSTRAINT change_cause_check
	CHECK (cause IN ('write', 'import', 'event', 'review', 'refresh', 'policy', 'decision', 'override', 'assignment')) NOT VALID;

DROP FUNCTION put_on_list(bigint, text, text, text, text, text);
