-- $1 workspace, $2 amount below which an estimated size is below a floor (minor units), $3 day. Prospects whose verdict is unknown, by what their criteria found, whether the
-- size is what is missing, and then whether an open deal without an amount would tell it, and whether they were ever described. Rows: one for each that occurs: findings (null
-- without criteria), size missing, such a deal, a stub, prospects. standing_by_verdict; stubs of the workspace; deal_open for those without a size.
SELECT s.findings, size.missing,
       size.missing AND EXISTS (SELECT FROM deal AS d
                                 WHERE d.workspace_id = $1::bigint AND d.organisation = s.organisation AND d.stage = 'open' AND NOT d.deleted AND d.amount IS NULL
                                   AND (d.opened_on IS NULL OR d.opened_on <= $3::date)),
       o.id IS NOT NULL, count(*)
  FROM standing AS s
       CROSS JOIN LATERAL (SELECT coalesce(s.size_source = 'estimate' AND s.expected_annual < $2::bigint, false)) AS size (missing)
       LEFT JOIN organisation AS o ON o.workspace_id = $1::bigint AND o.id = s.organisation AND o.stub AND NOT o.deleted
 WHERE s.workspace_id = $1::bigint AND s.edition = (SELECT edition FROM workspace WHERE id = $1::bigint) AND s.verdict = 'unknown'
 GROUP BY 1, 2, 3, 4
