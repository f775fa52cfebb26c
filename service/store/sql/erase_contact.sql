-- $1 workspace, $2 id. A person leaves every table; the touches stay with the organisation they counted for. Rows: none.
-- Primary keys; activity_by_contact.
WITH touches AS (UPDATE activity SET contact = NULL, organisation = of_organisation WHERE workspace_id = $1::bigint AND contact = $2::text
                 RETURNING of_organisation),
     pairs AS (DELETE FROM touch_pair
                WHERE workspace_id = $1::bigint AND contact = $2::text AND organisation IN (SELECT of_organisation FROM touches))
DELETE FROM contact WHERE workspace_id = $1::bigint AND id = $2::text
