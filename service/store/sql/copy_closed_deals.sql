-- Of the workspace and the day named by scope_deals: deals won or lost in 730 days whose organisation is not hidden: organisation, seller (none: hidden), amount (minor units, 0: none), won,
-- opened_on, closed_on, minutes on the organisation from opened_on to closed_on, and in the 12 months up to the day, which on the book's own day the standings have summed up already.
-- Rows: all of them, in no order. deal as a whole; activity_day by its primary key.
COPY (SELECT d.organisation, CASE WHEN x.deleted IS NOT TRUE THEN d.seller END, coalesce(d.amount, 0), d.stage = 'won', d.opened_on, d.closed_on,
             CASE WHEN d.amount > 0
                  THEN (SELECT coalesce(sum(a.minutes), 0)::bigint
                          FROM activity_day AS a
                         WHERE a.workspace_id = d.workspace_id AND a.organisation = d.organisation
                           AND a.day >= d.opened_on AND a.day <= d.closed_on)
             END,
             CASE WHEN (SELECT day FROM workspace WHERE id = current_setting('sweetspot.workspace')::bigint) = current_setting('sweetspot.day')::date
                  THEN s.minutes_12m
                  ELSE (SELECT coalesce(sum(a.minutes), 0)::bigint
                          FROM activity_day AS a
                         WHERE a.workspace_id = d.workspace_id AND a.organisation = d.organisation
                           AND a.day > current_setting('sweetspot.day')::date - 365 AND a.day <= current_setting('sweetspot.day')::date)
             END
        FROM deal AS d
             LEFT JOIN organisation AS o ON o.workspace_id = d.workspace_id AND o.id = d.organisation
             LEFT JOIN seller AS x ON x.workspace_id = d.workspace_id AND x.id = d.seller
             LEFT JOIN standing_in_force AS s ON s.workspace_id = d.workspace_id AND s.organisation = d.organisation
       WHERE d.workspace_id = current_setting('sweetspot.workspace')::bigint
         AND d.closed_on > current_setting('sweetspot.day')::date - 730 AND d.closed_on <= current_setting('sweetspot.day')::date
         AND d.stage IN ('won', 'lost') AND NOT d.deleted AND o.deleted IS NOT TRUE) TO STDOUT (FORMAT binary)
