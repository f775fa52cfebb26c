-- $1 workspace, $2 first day of a month. What was kept of the pipeline at its end is forgotten. Rows: none. Primary key.
DELETE FROM pipeline_month
 WHERE workspace_id = $1::bigint AND month = $2::date
