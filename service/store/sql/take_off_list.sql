-- $1 workspace, $2 seller, $3 list, $4 prospect, $5 key, $6 actor. Takes a prospect off a seller's list by hand, whoever or whatever put it there. Rows: one where it was there.
-- Primary keys.
WITH there AS (SELECT o.id
                 FROM organisation AS o
                      JOIN standing_in_force AS s ON s.workspace_id = $1::bigint AND s.organisation = o.id
                      LEFT JOIN assignment AS a ON a.workspace_id = $1::bigint AND a.organisation = o.id
                WHERE o.workspace_id = $1::bigint AND o.id = $4::text AND NOT o.deleted AND NOT o.is_account
                  AND CASE WHEN a.organisation IS NULL THEN s.seller = $2::text AND s.list = $3::text
                           ELSE a.is_on AND a.seller = $2::text AND a.list = $3::text
                      END)
INSERT INTO assignment (workspace_id, organisation, seller, list, is_on, key_id, actor)
SELECT $1::bigint, id, $2::text, $3::text, false, $5::text, $6::text
  FROM there
ON CONFLICT (workspace_id, organisation) DO UPDATE
   SET seller = excluded.seller, list = excluded.list, is_on = false, at = now(), key_id = excluded.key_id, actor = excluded.actor
RETURNING organisation
