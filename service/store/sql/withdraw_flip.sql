-- $1 workspace, $2 epoch. Under the exclusive lock: takes an announcement back of which nothing has been written. Rows: one; none when it was published. Primary key.
UPDATE workspace
   SET next_epoch = NULL, next_state = NULL, next_day = NULL, next_policy = NULL, next_review = NULL
 WHERE id = $1::bigint AND next_epoch = $2::integer AND next_state = 'computing'
RETURNING epoch
