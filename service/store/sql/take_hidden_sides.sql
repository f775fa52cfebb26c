-- $1 workspace, $2 organisations that are shown again, $3 review in force (0: none). The sides kept of them, no longer kept; of another review they are void.
-- Rows: organisation, engagement side, potential side, at most one an organisation. Primary key.
WITH taken AS (
	DELETE FROM hidden_side
	 WHERE workspace_id = $1::bigint AND organisation = ANY($2::text[])
	RETURNING organisation, review, engagement_side, potential_side
)
SELECT organisation, engagement_side, potential_side
  FROM taken
 WHERE review = $3::integer
