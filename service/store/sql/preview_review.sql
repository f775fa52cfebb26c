-- $1 workspace, $2 share of clients on the key list (hundredths of a percent), $3 $4 behind this revenue (minor units, falling) and id, $5 rows. What the key list would be if a
-- review were made now, and who would cross its edge, by falling revenue. Rows: at most $5, at least one: null behind the seventh column where nobody crosses.
-- standing as a whole; primary keys.
WITH client AS MATERIALIZED (
	SELECT organisation, revenue_12m, list, seller
	  FROM standing_in_force AS s
	 WHERE workspace_id = $1::bigint AND is_account AND revenue_12m > 0
	   AND (list IN ('key', 'secondary')
	        OR (list IS NULL AND EXISTS (SELECT FROM organisation
	                                      WHERE workspace_id = $1::bigint AND id = s.organisation AND status = 'active')))
), cut AS MATERIALIZED (
	SELECT revenue_12m AS edge
	  FROM client
	 ORDER BY revenue_12m DESC
	OFFSET greatest(1, ((SELECT count(*) FROM client) * $2::bigint / 10000)) - 1
	 LIMIT 1
), total AS MATERIALIZED (
	SELECT count(*) AS clients, count(*) FILTER (WHERE revenue_12m >= cut.edge) AS key_clients,
	       least(coalesce(sum(revenue_12m), 0), 9223372036854775807)::bigint AS revenue,
	       least(coalesce(sum(revenue_12m) FILTER (WHERE revenue_12m >= cut.edge), 0), 9223372036854775807)::bigint AS key_revenue
	  FROM client LEFT JOIN cut ON true
)
SELECT w.day, w.policy, coalesce(w.review, 0), total.clients, total.key_clients, cut.edge, total.revenue, total.key_revenue,
       c.organisation, o.name, c.seller, c.revenue_12m, c.list, c.would_be
  FROM workspace AS w
       CROSS JOIN total
       LEFT JOIN cut ON true
       LEFT JOIN LATERAL (SELECT *, CASE WHEN revenue_12m >= cut.edge THEN 'key' ELSE 'secondary' END AS would_be
                            FROM client
                           WHERE list IS DISTINCT FROM CASE WHEN revenue_12m >= cut.edge THEN 'key' ELSE 'secondary' END
                             AND (-revenue_12m, organisation) > (-$3::bigint, $4::text)
                           ORDER BY -revenue_12m, organisation
                           LIMIT $5::bigint) AS c ON true
       LEFT JOIN organisation AS o ON o.workspace_id = w.id AND o.id = c.organisation
 WHERE w.id = $1::bigint
 ORDER BY c.revenue_12m DESC, c.organisation
