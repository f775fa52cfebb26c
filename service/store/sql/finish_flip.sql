-- $1 workspace, $2 epoch. Under the exclusive lock: the edition that was written is in force when this commits. Rows: one; none when it was not written. Primary key.
UPDATE workspace
   SET epoch = next_epoch, edition = next_epoch, day = next_day, policy = next_policy, review = next_review,
       next_epoch = NULL, next_state = NULL, next_day = NULL, next_policy = NULL, next_review = NULL,
       judged = true
 WHERE id = $1::bigint AND next_epoch = $2::integer AND next_state = 'writing'
RETURNING epoch
