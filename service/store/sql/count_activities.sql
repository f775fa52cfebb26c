-- $1 workspace; $2 null, or the organisation. How many activities a list holds. Rows: one.
-- activity_by_day; without an organisation activity as a whole.
SELECT (SELECT count(*)
          FROM activity
         WHERE $2::text IS NULL AND workspace_id = $1::bigint AND NOT deleted)
       + (SELECT count(*)
            FROM activity
           WHERE workspace_id = $1::bigint AND of_organisation = $2::text AND NOT deleted)
