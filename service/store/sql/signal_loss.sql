-- $1 workspace; what writes have taken from some: $2 reach, $3 rhythm, $4 orders, $5 directed touches of a client, $6 revenue entries, $7 lines. Tells those who make provisional reviews
-- when nobody else has it. Rows: none. Each table is read until one is found who has.
WITH client AS NOT MATERIALIZED (
	SELECT s.reach, s.rhythm, s.orders, s.directed
	  FROM standing_in_force AS s
	       CROSS JOIN LATERAL (SELECT status FROM organisation WHERE workspace_id = $1::bigint AND id = s.organisation OFFSET 0) AS o
	 WHERE s.workspace_id = $1::bigint AND s.is_account AND s.revenue_12m > 0 AND o.status = 'active'
), entry AS NOT MATERIALIZED (
	SELECT r.line_key
	  FROM revenue AS r
	       CROSS JOIN LATERAL (SELECT deleted FROM organisation WHERE workspace_id = $1::bigint AND id = r.organisation OFFSET 0) AS o
	 WHERE r.workspace_id = $1::bigint AND NOT r.deleted AND NOT o.deleted AND r.day <= (SELECT day FROM workspace WHERE id = $1::bigint)
), offer AS NOT MATERIALIZED (
	SELECT
	  FROM deal AS d
	       LEFT JOIN LATERAL (SELECT deleted FROM organisation WHERE workspace_id = $1::bigint AND id = d.organisation OFFSET 0) AS o ON true
	 WHERE d.workspace_id = $1::bigint AND NOT d.deleted AND o.deleted IS NOT TRUE AND d.line_key IS NOT NULL
	   AND (d.opened_on IS NULL OR d.opened_on <= (SELECT day FROM workspace WHERE id = $1::bigint))
	   AND (d.stage = 'open' OR d.closed_on IS NOT NULL)
)
INSERT INTO review_signal (workspace_id, clients_delta, decisive)
SELECT $1::bigint, 0, true
 WHERE ($2::boolean AND NOT EXISTS (SELECT FROM client WHERE reach > 0))
    OR ($3::boolean AND NOT EXISTS (SELECT FROM client WHERE rhythm > 0))
    OR ($4::boolean AND NOT EXISTS (SELECT FROM client WHERE orders > 0))
    OR ($5::boolean AND NOT EXISTS (SELECT FROM client WHERE directed > 0))
    OR ($6::boolean AND NOT EXISTS (SELECT FROM entry))
    OR ($7::boolean AND NOT EXISTS (SELECT FROM entry WHERE line_key IS NOT NULL) AND NOT EXISTS (SELECT FROM offer))
