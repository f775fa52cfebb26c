-- $1 workspace; $2 null, or the organisation. How many contacts a list holds. Rows: one.
-- contact_by_organisation; without an organisation contact as a whole.
SELECT (SELECT count(*)
          FROM contact
         WHERE $2::text IS NULL AND workspace_id = $1::bigint AND NOT deleted)
       + (SELECT count(*)
            FROM contact
           WHERE workspace_id = $1::bigint AND organisation = $2::text AND NOT deleted)
