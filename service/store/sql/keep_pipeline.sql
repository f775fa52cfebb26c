-- $1 workspace, $2 first day of the month that the book's day is about to leave. Keeps the open amounts of organisations and those outside the sweet spot, by seller of the deal, else of
-- its organisation. Rows: none. The workspace's deals as a whole; primary keys.
WITH book AS MATERIALIZED (
	SELECT day, edition
	  FROM workspace
	 WHERE id = $1::bigint
)
INSERT INTO pipeline_month (workspace_id, month, seller, open_amount, outside)
SELECT $1::bigint, $2::date, coalesce(d.seller, s.seller, ''), least(sum(d.amount), 9223372036854775807)::bigint,
       least(coalesce(sum(d.amount) FILTER (WHERE s.verdict IN ('not_ours', 'throw_back')), 0), 9223372036854775807)::bigint
  FROM book AS b
       CROSS JOIN deal AS d
       JOIN organisation AS o ON o.workspace_id = d.workspace_id AND o.id = d.organisation
       JOIN standing AS s ON s.workspace_id = d.workspace_id AND s.organisation = d.organisation AND s.edition = b.edition
 WHERE d.workspace_id = $1::bigint AND NOT d.deleted AND d.amount > 0 AND NOT o.deleted
   AND (d.opened_on IS NULL OR d.opened_on <= b.day) AND (d.stage = 'open' OR d.closed_on > b.day)
 GROUP BY 3
