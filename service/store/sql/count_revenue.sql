-- $1 workspace; $2 null, or the organisation. How many revenue entries a list holds. Rows: one.
-- revenue_by_organisation; without an organisation revenue as a whole.
SELECT (SELECT count(*)
          FROM revenue
         WHERE $2::text IS NULL AND workspace_id = $1::bigint AND NOT deleted)
       + (SELECT count(*)
            FROM revenue
           WHERE workspace_id = $1::bigint AND organisation = $2::text AND NOT deleted)
