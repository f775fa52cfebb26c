-- $1 workspace, $2 organisations. Their records, without the source times of single fields. Rows: one for each that there is, in no order. Primary key.
SELECT o.id, o.is_account, o.name, o.seller, o.industry, o.region, o.country, o.employees, o.company_revenue, o.annual_potential,
       o.annual_potential_on, o.margin_pct, o.client_since, o.status, o.protected, o.expected_annual, o.access, o.problems,
       o.revisit_on, o.domain, o.attributes, o.said, o.said_at, o.said_by, NULL::jsonb, o.stub, o.deleted, o.version,
       o.created_at, o.updated_at
  FROM organisation AS o
 WHERE o.workspace_id = $1::bigint AND o.id = ANY($2::text[])
