-- $1 workspace, $2 prospects that have bought by the day that comes into force. Under the exclusive lock, once it is in force; lists by hand end with it, in its history too.
-- Rows: none. Primary keys.
WITH ended AS (UPDATE change AS c
                  SET assigned = NULL
                 FROM workspace AS w
                WHERE w.id = $1::bigint AND c.workspace_id = $1::bigint AND c.organisation = ANY($2::text[]) AND c.epoch = w.epoch AND c.assigned IS NOT NULL)
UPDATE organisation
   SET is_account = true, version = version + 1, updated_at = now()
 WHERE workspace_id = $1::bigint AND id = ANY($2::text[]) AND NOT is_account AND NOT deleted
