-- $1 workspace, $2 contacts that moved, or are hidden or shown again. Their activities and whom these count for, locked in id order. Rows: as many as there are. activity_by_contact.
SELECT id, of_organisation
  FROM activity
 WHERE workspace_id = $1::bigint AND contact = ANY($2::text[])
 ORDER BY id
   FOR NO KEY UPDATE
