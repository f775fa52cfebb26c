-- $1 workspace, $2 organisations: who touched whom, made again from the activities. Rows: none. Primary key; activity_by_pair.
WITH gone AS (DELETE FROM touch_pair WHERE workspace_id = $1::bigint AND organisation = ANY($2::text[]) RETURNING organisation)
INSERT INTO touch_pair (workspace_id, organisation, seller, contact, activities, last_day)
SELECT $1::bigint, of_organisation, coalesce(seller, ''), contact, count(*), max(day)
  FROM activity
 WHERE workspace_id = $1::bigint AND of_organisation = ANY($2::text[]) AND contact IS NOT NULL AND day IS NOT NULL AND NOT deleted
   AND (SELECT count(*) FROM gone) >= 0
 GROUP BY 2, 3, 4
