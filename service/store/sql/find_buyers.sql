-- $1 workspace, $2 prospects, $3 day. Which of them have revenue above 0, or a won deal, by that day. Rows: at most one a prospect. Primary key of revenue_day.
SELECT o.organisation
  FROM unnest($2::text[]) AS o (organisation)
 WHERE EXISTS (SELECT FROM revenue_day
                WHERE workspace_id = $1::bigint AND organisation = o.organisation AND day <= $3::date
                  AND (positive > 0 OR (source = 'deals' AND entries > 0)))
