-- Of the workspace and the day named by scope_deals: deals won or lost in 730 days whose organisation is not hidden: organisation, seller (none: hidden), amount (minor units, 0: none), won,
-- opened_on, closed_on, minutes on the organisation from opened_on to closed_on, and, of who has bought, in the 12 months up to the day. Rows: all of them, in no order. deal as a whole;
-- activity_day by its primary key.
COPY (WITH closed AS MATERIALIZED (
	SELECT d.organisation, CASE WHEN x.deleted IS NOT TRUE THEN d.seller END AS seller, coalesce(d.amount, 0) AS amount,
	       d.stage = 'won' AS is_won, d.opened_on, d.closed_on
	  FROM deal AS d
	       LEFT JOIN organisation AS o ON o.workspace_id = d.workspace_id AND o.id = d.organisation
	       LEFT JOIN seller AS x ON x.workspace_id = d.workspace_id AND x.id = d.seller
	 WHERE d.workspace_id = current_setting('sweetspot.workspace')::bigint
	   AND d.closed_on > current_setting('sweetspot.day')::date - 730 AND d.closed_on <= current_setting('sweetspot.day')::date
	   AND d.stage IN ('won', 'lost') AND NOT d.deleted AND o.deleted IS NOT TRUE
), customer AS (
	SELECT organisation,
	       (SELECT coalesce(sum(a.minutes), 0)::bigint
	          FROM activity_day AS a
	         WHERE a.workspace_id = current_setting('sweetspot.workspace')::bigint AND a.organisation = c.organisation
	           AND a.day > current_setting('sweetspot.day')::date - 365 AND a.day <= current_setting('sweetspot.day')::date) AS minutes_12m
	  FROM (SELECT DISTINCT organisation FROM closed WHERE is_won AND amount > 0 AND organisation IS NOT NULL) AS c
)
SELECT d.organisation, d.seller, d.amount, d.is_won, d.opened_on, d.closed_on,
       CASE WHEN d.amount > 0
            THEN (SELECT coalesce(sum(a.minutes), 0)::bigint
                    FROM activity_day AS a
                   WHERE a.workspace_id = current_setting('sweetspot.workspace')::bigint AND a.organisation = d.organisation
                     AND a.day >= d.opened_on AND a.day <= d.closed_on)
       END,
       c.minutes_12m
  FROM closed AS d
       LEFT JOIN customer AS c ON c.organisation = d.organisation) TO STDOUT (FORMAT binary)
