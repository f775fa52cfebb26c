-- $1 workspace, null: all. Where the newest policy or the day it asks for is not in force, standings want to be made anew, a review is waiting or was left half done, a flip was
-- abandoned, or left rows behind. Rows: one a workspace with something to do: policy, day, whether each is another, review or 0. workspace as a whole; primary keys.
SELECT w.id, p.version, d.day, p.version <> w.policy OR NOT w.judged, d.day <> w.day, coalesce(r.number, 0)
  FROM workspace AS w
       JOIN LATERAL (SELECT version, document ->> 'today' AS pinned
                       FROM policy
                      WHERE workspace_id = w.id
                      ORDER BY version DESC
                      LIMIT 1) AS p ON true
       JOIN LATERAL (SELECT coalesce(p.pinned::date, (now() AT TIME ZONE 'UTC')::date) AS day) AS d ON true
       LEFT JOIN LATERAL (SELECT number
                            FROM review
                           WHERE workspace_id = w.id AND state IN ('waiting', 'computing', 'writing')
                           ORDER BY number
                           LIMIT 1) AS r ON true
 WHERE ($1::bigint IS NULL OR w.id = $1::bigint)
   AND (p.version <> w.policy OR NOT w.judged OR d.day <> w.day OR r.number IS NOT NULL OR w.next_epoch IS NOT NULL OR w.unswept)
 ORDER BY w.id
