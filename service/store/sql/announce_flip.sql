-- $1 workspace, $2 day, $3 policy, $4 review to come; null: what is in force. Under the exclusive lock. The number is one that was never used. Rows: what is in force,
-- then what is to come, then whether an earlier flip was abandoned, the edition in force, and whether standing holds others. Primary key.
WITH old AS (
	SELECT id, next_epoch
	  FROM workspace
	 WHERE id = $1::bigint
	   FOR NO KEY UPDATE
)
UPDATE workspace AS w
   SET next_epoch = greatest(w.epoch, old.next_epoch) + 1, next_state = 'computing', next_day = coalesce($2::date, w.day),
       next_policy = coalesce($3::integer, w.policy), next_review = coalesce($4::integer, w.review)
  FROM old
 WHERE w.id = old.id
RETURNING w.epoch, w.day, w.policy, coalesce(w.review, 0), w.next_epoch, w.next_day, w.next_policy, coalesce(w.next_review, 0),
          old.next_epoch IS NOT NULL, w.edition, w.unswept
