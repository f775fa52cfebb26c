-- $1 workspace, $2 organisation, $3 day: keys that lost activities; those with none left go. Rows: none. Primary key.
DELETE FROM activity_day AS old
 USING unnest($2::text[], $3::date[]) AS lost (organisation, day)
 WHERE old.workspace_id = $1::bigint AND old.organisation = lost.organisation AND old.day = lost.day AND old.activities = 0
