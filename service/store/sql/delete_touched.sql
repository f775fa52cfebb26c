-- $1 workspace, $2 epoch. Forgets what was touched for flips before that epoch, 10,000 at a time. Rows: one an organisation forgotten. Primary key.
DELETE FROM touched
 WHERE (workspace_id, epoch, organisation) IN (SELECT workspace_id, epoch, organisation
                                                 FROM touched
                                                WHERE workspace_id = $1::bigint AND epoch < $2::integer
                                                LIMIT 10000)
RETURNING organisation
