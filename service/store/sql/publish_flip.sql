-- $1 workspace, $2 epoch. Under the exclusive lock: from now on writers write both editions. Rows: one; none when somebody else announced another. Primary key.
UPDATE workspace
   SET next_state = 'writing', unswept = true
 WHERE id = $1::bigint AND next_epoch = $2::integer
RETURNING next_epoch
