-- $1 workspace, $2 key cut-off (minor units, null: none), $3 what of it is small (hundredths of a percent). Active sellers with what they own: id, name, clients, their revenue in 12 months
-- (at most what a bigint holds), how many of them are among the fifth with most revenue (ties are in), how many are small; first of all what that fifth begins at, null without clients.
-- Rows: one a seller, most revenue first, then by id; behind them one with null for what belongs to none of these. standing, organisation and seller as a whole.
WITH client AS MATERIALIZED (
	SELECT s.seller, s.revenue_12m
	  FROM standing_in_force AS s
	       JOIN organisation AS o ON o.workspace_id = s.workspace_id AND o.id = s.organisation
	 WHERE s.workspace_id = $1::bigint AND o.workspace_id = $1::bigint AND s.is_account AND o.status = 'active' AND s.revenue_12m > 0
), edge AS (
	SELECT revenue_12m
	  FROM client
	 ORDER BY revenue_12m DESC
	OFFSET greatest((SELECT (count(*) + 4) / 5 FROM client) - 1, 0)
	 LIMIT 1
), judged AS (
	SELECT c.seller, c.revenue_12m, c.revenue_12m >= (SELECT revenue_12m FROM edge) AS is_top,
	       c.revenue_12m::numeric * 10000 < $2::bigint::numeric * $3::bigint AS is_small
	  FROM client AS c
), owner AS (
	SELECT id, name
	  FROM seller
	 WHERE workspace_id = $1::bigint AND active AND NOT deleted
), owned AS (
	SELECT o.id, o.name, count(j.revenue_12m) AS clients, coalesce(sum(j.revenue_12m), 0) AS revenue,
	       count(*) FILTER (WHERE j.is_top) AS top_clients, count(*) FILTER (WHERE j.is_small) AS small
	  FROM owner AS o
	       LEFT JOIN judged AS j ON j.seller = o.id
	 GROUP BY o.id, o.name
	 UNION ALL
	SELECT NULL, NULL, count(*), coalesce(sum(revenue_12m), 0), count(*) FILTER (WHERE is_top), count(*) FILTER (WHERE is_small)
	  FROM judged
	 WHERE seller IS NULL OR seller NOT IN (SELECT id FROM owner)
)
SELECT (SELECT revenue_12m FROM edge), id, name, clients, least(revenue, 9223372036854775807)::bigint, top_clients, small
  FROM owned
 ORDER BY id IS NULL, revenue DESC, id
