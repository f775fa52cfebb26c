-- $1 workspace, $2 organisation, $3 seller, $4 contact: pairs that lost activities, after these are gone: their last day is looked up again. Rows: none.
-- Primary key; activity_by_pair.
UPDATE touch_pair AS old
   SET last_day = (SELECT max(day) FROM activity
                    WHERE workspace_id = $1::bigint AND of_organisation = old.organisation
                      AND seller IS NOT DISTINCT FROM nullif(old.seller, '') AND contact = old.contact AND NOT deleted)
  FROM unnest($2::text[], $3::text[], $4::text[]) AS lost (organisation, seller, contact)
 WHERE old.workspace_id = $1::bigint AND old.organisation = lost.organisation AND old.seller = lost.seller AND old.contact = lost.contact
   AND old.activities > 0
