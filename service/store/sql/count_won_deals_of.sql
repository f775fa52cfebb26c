-- $1 workspace, $2 organisations, $3 day. Their won deals in 12 months. Rows: one an organisation that has any. deal_by_closed.
SELECT organisation, count(*)
  FROM deal
 WHERE workspace_id = $1::bigint AND organisation = ANY($2::text[]) AND closed_on > $3::date - 365 AND closed_on <= $3::date
   AND stage = 'won' AND NOT deleted
 GROUP BY organisation
