-- $1 workspace, $2 organisation, which is locked. Its override goes; the history keeps that it was there. Rows: none. Primary key.
DELETE FROM override
 WHERE workspace_id = $1::bigint AND organisation = $2::text
