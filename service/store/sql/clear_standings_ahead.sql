-- $1 workspace, $2 epoch in force, $3 behind this organisation, $4 up to this one. Takes back what abandoned flips wrote there. Rows: none. Primary key.
WITH ahead AS MATERIALIZED (
	SELECT organisation
	  FROM standing
	 WHERE workspace_id = $1::bigint AND organisation > $3::text AND organisation <= $4::text AND next_epoch > $2::integer
	 ORDER BY organisation
	   FOR NO KEY UPDATE
)
UPDATE standing AS s
   SET next_epoch = NULL
  FROM ahead
 WHERE s.workspace_id = $1::bigint AND s.organisation = ahead.organisation
