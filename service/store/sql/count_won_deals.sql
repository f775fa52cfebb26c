-- $1 workspace, $2 day. Won deals in 12 months, by organisation. Rows: one an organisation that has any. deal_by_closed as a whole.
SELECT organisation, count(*)
  FROM deal
 WHERE workspace_id = $1::bigint AND organisation IS NOT NULL AND closed_on > $2::date - 365 AND closed_on <= $2::date
   AND stage = 'won' AND NOT deleted
 GROUP BY organisation
