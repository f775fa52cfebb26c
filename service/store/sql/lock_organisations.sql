-- $1 workspace, $2 ids. The organisations of these ids as they stand, hidden ones too, locked in id order. Rows: at most one an id. Primary key,
-- one look an id: a list of ids would be a filter over the whole workspace in a database that was never analysed.
SELECT locked.*
  FROM (SELECT id FROM unnest($2::text[]) AS asked (id) ORDER BY id COLLATE "C") AS wanted,
       LATERAL (SELECT id, is_account, name, seller, industry, region, country, employees, company_revenue, annual_potential,
                       annual_potential_on, margin_pct, client_since, status, protected, expected_annual, access, problems,
                       revisit_on, domain, attributes, said, said_at, said_by, stamps, stub, deleted, version, created_at,
                       updated_at, name_key, industry_key, region_key
                  FROM organisation
                 WHERE workspace_id = $1::bigint AND id = wanted.id
                   FOR NO KEY UPDATE) AS locked
