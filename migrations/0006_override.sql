-- Tiers and lists set by hand beside the computed ones; and in the history: overrides, protections, and every decision.

CREATE TABLE override (
	workspace_id bigint NOT NULL REFERENCES workspace,
	organisation text COLLATE "C" NOT NULL,
	tier         text COLLATE "C" CHECK (tier IN ('key', 'growth', 'maintenance', 'service')),
	list         text COLLATE "C" CHECK (list IN ('key', 'secondary', 'lka', 'none')),
	reason       text NOT NULL,
	until        date NOT NULL,
	day          date NOT NULL,
	set_at       timestamptz NOT NULL,
	key_id       text,
	actor        text,
	PRIMARY KEY (workspace_id, organisation),
	CHECK (tier IS NOT NULL OR list IS NOT NULL)
);
CREATE INDEX override_by_until ON override (workspace_id, until);
COMMENT ON TABLE override IS 'A tier or list set by hand. It stands beside the computed value; in force while workspace.day <= until, so that it ends by itself.';
COMMENT ON COLUMN override.workspace_id IS 'The book it belongs to.';
COMMENT ON COLUMN override.organisation IS 'The account; one override each, the latest.';
COMMENT ON COLUMN override.tier IS 'Null: the tier is left alone. Counts instead of the computed one for letting go, and for nothing else.';
COMMENT ON COLUMN override.list IS 'Null: the list is left alone. Shown, and counts for nothing.';
COMMENT ON COLUMN override.reason IS 'Why, in words.';
COMMENT ON COLUMN override.until IS 'Its last day.';
COMMENT ON COLUMN override.day IS 'The book''s day when it was set.';
COMMENT ON COLUMN override.set_at IS 'When it was set; in microseconds the version of its ETag.';
COMMENT ON COLUMN override.key_id IS 'The key that set it.';
COMMENT ON COLUMN override.actor IS 'X-Actor of the request.';

CREATE VIEW override_shown AS
SELECT workspace_id, organisation, until,
       jsonb_build_object('tier', tier, 'list', list, 'reason', reason, 'until', until, 'actor', actor) AS shown
  FROM override;
COMMENT ON VIEW override_shown IS 'Overrides as the history keeps them.';

ALTER TABLE change
	ADD COLUMN override                 jsonb,
	ADD COLUMN previous_override        jsonb,
	ADD COLUMN protected_until          date,
	ADD COLUMN previous_protected_until date;
COMMENT ON TABLE change IS 'Every change of tier, list, seller, status, protection or override, and every decision, with the contributions then in force. Append-only, erasing aside; rows of an epoch not yet in force are not there for readers.';
COMMENT ON COLUMN change.reference IS 'Of a review its number, of a decision its id.';
COMMENT ON COLUMN change.override IS 'The override in force on the change''s day, as override_shown has it; null: none.';
COMMENT ON COLUMN change.protected_until IS 'The last day of the account''s protection as it was stated then, whether it had passed or not; null: none.';
