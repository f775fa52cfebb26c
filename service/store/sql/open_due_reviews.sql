-- $1 quiet milliseconds before a provisional review. Opens the reviews that are due by the clock (every review_months, unless the day is pinned) and, while
-- nobody has posted one, by what was written: once it has been quiet for that long; where it never is, after six times as long, and five times as long as the last one took; in a book that
-- had no review yet, six times as long from the first client on, sixty times without one. Several instances may ask at once: the number decides. Rows: one a review opened.
-- workspace as a whole; primary keys of policy, review and review_signal.
INSERT INTO review (workspace_id, number, state, provisional)
SELECT w.id,
       coalesce((SELECT max(number) FROM review WHERE workspace_id = w.id), 0) + 1,
       'waiting',
       NOT posted.ever
  FROM workspace AS w
       JOIN LATERAL (SELECT document ->> 'today' IS NOT NULL AS is_pinned, coalesce((document ->> 'review_months')::integer, 6) AS months
                       FROM policy
                      WHERE workspace_id = w.id AND version = w.policy) AS p ON true
       JOIN LATERAL (SELECT EXISTS (SELECT FROM review
                                     WHERE workspace_id = w.id AND NOT provisional AND state <> 'failed') AS ever) AS posted ON true
       LEFT JOIN review AS last ON last.workspace_id = w.id AND last.number = w.review
       JOIN LATERAL (SELECT min(at) AS first, min(at) FILTER (WHERE last.number IS NOT NULL OR gained > 0) AS first_that_tells, max(at) AS latest
                       FROM (SELECT at, decisive, clients_delta, sum(clients_delta) OVER (ORDER BY id) AS gained
                               FROM review_signal
                              WHERE workspace_id = w.id) AS told
                      WHERE decisive OR (clients_delta > 0 AND gained > 0 AND 5 * gained >= coalesce(last.clients, 0))) AS told ON true
       CROSS JOIN LATERAL (SELECT make_interval(secs => $1::bigint / 1000.0) AS quiet, 5 * (last.done_at - last.requested_at) AS rest) AS wait
 WHERE NOT EXISTS (SELECT FROM review WHERE workspace_id = w.id AND state IN ('waiting', 'computing', 'writing'))
   AND ((NOT p.is_pinned AND last.done_at + make_interval(months => p.months) <= now())
        OR (NOT posted.ever AND (told.latest + wait.quiet <= now()
                                 OR told.first_that_tells + greatest(6 * wait.quiet, wait.rest) <= now()
                                 OR told.first + greatest(60 * wait.quiet, wait.rest) <= now())))
ON CONFLICT DO NOTHING
RETURNING workspace_id, number, provisional
