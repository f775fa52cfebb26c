-- $1 workspace, $2 epoch. Under the exclusive lock: what was written into the edition in force holds under what is to come when this commits. Rows: one; none when
-- somebody else announced another. Primary key.
UPDATE workspace
   SET epoch = next_epoch, day = next_day, policy = next_policy, review = next_review,
       next_epoch = NULL, next_state = NULL, next_day = NULL, next_policy = NULL, next_review = NULL,
       judged = true
 WHERE id = $1::bigint AND next_epoch = $2::integer AND next_state = 'computing'
RETURNING epoch
