-- $1 workspace, $2 organisation, $3 seller, $4 contact: pairs that lost activities; those with none left go. Rows: none. Primary key.
DELETE FROM touch_pair AS old
 USING unnest($2::text[], $3::text[], $4::text[]) AS lost (organisation, seller, contact)
 WHERE old.workspace_id = $1::bigint AND old.organisation = lost.organisation AND old.seller = lost.seller AND old.contact = lost.contact
   AND old.activities = 0
