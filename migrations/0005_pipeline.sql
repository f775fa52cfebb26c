-- The lean-pipeline guard (domain.md section 10): how much of the open pipeline lay outside the sweet spot at each month's end, and who loosened a policy all the same.

CREATE TABLE pipeline_month (
	workspace_id bigint NOT NULL REFERENCES workspace,
	month        date NOT NULL,
	seller       text COLLATE "C" NOT NULL,
	open_amount  bigint NOT NULL,
	outside      bigint NOT NULL,
	PRIMARY KEY (workspace_id, month, seller)
);
COMMENT ON TABLE pipeline_month IS 'Open deals of organisations as the book''s day left a month, by seller (empty text: none), and those outside the sweet spot; minor units.';
COMMENT ON COLUMN pipeline_month.month IS 'Its first day.';
COMMENT ON COLUMN pipeline_month.outside IS 'Of prospects whose verdict was not_ours or throw_back.';

ALTER TABLE policy
	ADD COLUMN acknowledged text,
	ADD COLUMN let_in bigint;
COMMENT ON COLUMN policy.acknowledged IS 'Why the policy was loosened while the pipeline was lean; null: it was not.';
COMMENT ON COLUMN policy.let_in IS 'How many prospects it was found to let in then.';
