-- $1 workspace, $2 first day of the fiscal year. By seller (of the deal, else of its organisation): yearly quota, amount won this fiscal year (less won amounts below 0, which are corrections), open
-- amounts (that counts for coverage, of organisations, outside the sweet spot, without an organisation), deals with an amount above 0 closed in 730 days and those of
-- them won. Minor units, sums end at the edges of bigint. Rows: one a seller, null for none. The workspace's deals as a whole; primary keys.
WITH book AS MATERIALIZED (
	SELECT day, edition
	  FROM workspace
	 WHERE id = $1::bigint
), seen AS MATERIALIZED (
	SELECT coalesce(d.seller, s.seller) AS seller, d.amount, d.stage, d.closed_on, b.day, d.organisation IS NULL AS unattached,
	       (s.is_account AND o.status = 'active') OR s.verdict = 'now' AS counts, s.verdict IN ('not_ours', 'throw_back') AS is_outside,
	       (d.opened_on IS NULL OR d.opened_on <= b.day) AND (d.stage = 'open' OR d.closed_on > b.day) AND d.amount > 0 AS is_open
	  FROM book AS b
	       CROSS JOIN deal AS d
	       LEFT JOIN organisation AS o ON o.workspace_id = d.workspace_id AND o.id = d.organisation
	       LEFT JOIN standing AS s ON s.workspace_id = d.workspace_id AND s.organisation = d.organisation AND s.edition = b.edition
	 WHERE d.workspace_id = $1::bigint AND NOT d.deleted AND (d.amount > 0 OR (d.amount < 0 AND d.stage = 'won')) AND (d.organisation IS NULL OR NOT o.deleted)
), sums AS (
	SELECT seller,
	       sum(amount) FILTER (WHERE stage = 'won' AND closed_on >= $2::date AND closed_on <= day) AS won,
	       sum(amount) FILTER (WHERE is_open AND counts) AS counted,
	       sum(amount) FILTER (WHERE is_open AND NOT unattached) AS open,
	       sum(amount) FILTER (WHERE is_open AND is_outside) AS outside,
	       sum(amount) FILTER (WHERE is_open AND unattached) AS unattached,
	       count(*) FILTER (WHERE amount > 0 AND stage <> 'open' AND closed_on > day - 730 AND closed_on <= day) AS closed,
	       count(*) FILTER (WHERE amount > 0 AND stage = 'won' AND closed_on > day - 730 AND closed_on <= day) AS closed_won
	  FROM seen
	 GROUP BY seller
)
SELECT coalesce(sums.seller, q.id), coalesce(q.quota, 0), greatest(least(coalesce(won, 0), 9223372036854775807), -9223372036854775807)::bigint,
       least(coalesce(counted, 0), 9223372036854775807)::bigint, least(coalesce(open, 0), 9223372036854775807)::bigint,
       least(coalesce(outside, 0), 9223372036854775807)::bigint, least(coalesce(unattached, 0), 9223372036854775807)::bigint,
       coalesce(closed, 0), coalesce(closed_won, 0)
  FROM sums
       FULL JOIN (SELECT id, quota
                    FROM seller
                   WHERE workspace_id = $1::bigint AND active AND NOT deleted AND quota > 0) AS q ON q.id = sums.seller
 ORDER BY 1
