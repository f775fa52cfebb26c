-- $1 workspace, $2 edition in force, $3 edition being written. Under the exclusive lock: what the flip wrote of organisations that were hidden meanwhile goes. Rows: none.
-- touched_hidden; primary key.
DELETE FROM standing AS s
 USING touched AS t
 WHERE t.workspace_id = $1::bigint AND t.epoch = $3::integer AND t.hidden
   AND s.workspace_id = $1::bigint AND s.organisation = t.organisation AND s.edition = $3::integer
   AND NOT EXISTS (SELECT FROM standing AS present
                    WHERE present.workspace_id = $1::bigint AND present.organisation = t.organisation AND present.edition = $2::integer)
