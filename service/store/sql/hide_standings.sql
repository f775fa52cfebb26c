-- $1 workspace, $2 organisations that are hidden now. Their standings go; the sides that the review in force stored are kept for their return. Rows: none. Primary keys.
WITH gone AS (
	DELETE FROM standing AS s
	 USING workspace AS w
	 WHERE w.id = $1::bigint AND s.workspace_id = $1::bigint AND s.organisation = ANY($2::text[])
	RETURNING s.organisation, w.review,
	          CASE WHEN s.next_epoch <= w.epoch THEN s.next_engagement_side ELSE s.engagement_side END AS engagement_side,
	          CASE WHEN s.next_epoch <= w.epoch THEN s.next_potential_side ELSE s.potential_side END AS potential_side
)
INSERT INTO hidden_side (workspace_id, organisation, review, engagement_side, potential_side)
SELECT $1::bigint, organisation, review, engagement_side, potential_side
  FROM gone
 WHERE review IS NOT NULL
ON CONFLICT (workspace_id, organisation) DO UPDATE
   SET review = excluded.review, engagement_side = excluded.engagement_side, potential_side = excluded.potential_side
