-- $1 workspace, $2 organisations that are hidden now. Their standings go, of all editions; the sides that the review in force stored are kept for their return. Rows: none.
-- Primary keys.
WITH gone AS (
	DELETE FROM standing AS s
	 WHERE s.workspace_id = $1::bigint AND s.organisation = ANY($2::text[])
	RETURNING s.organisation, s.edition, s.engagement_side, s.potential_side
)
INSERT INTO hidden_side (workspace_id, organisation, review, engagement_side, potential_side)
SELECT $1::bigint, gone.organisation, w.review, gone.engagement_side, gone.potential_side
  FROM gone JOIN workspace AS w ON w.id = $1::bigint AND w.edition = gone.edition
 WHERE w.review IS NOT NULL
ON CONFLICT (workspace_id, organisation) DO UPDATE
   SET review = excluded.review, engagement_side = excluded.engagement_side, potential_side = excluded.potential_side
