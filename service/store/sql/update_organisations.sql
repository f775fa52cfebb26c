-- $1 workspace, $2… one array a column. Organisations that are locked and have changed. Rows: none. Primary key.
UPDATE organisation AS old
   SET is_account = new.is_account, name = new.name, seller = new.seller, industry = new.industry, region = new.region,
       country = new.country, employees = new.employees, company_revenue = new.company_revenue,
       annual_potential = new.annual_potential, annual_potential_on = new.annual_potential_on, margin_pct = new.margin_pct,
       client_since = new.client_since, status = new.status, protected = new.protected, expected_annual = new.expected_annual,
       access = new.access, problems = new.problems, revisit_on = new.revisit_on, domain = new.domain,
       attributes = new.attributes, said = new.said, said_at = new.said_at, said_by = new.said_by, stamps = new.stamps,
       stub = new.stub, deleted = new.deleted, version = new.version, created_at = new.created_at, updated_at = new.updated_at,
       name_key = new.name_key, industry_key = new.industry_key, region_key = new.region_key
  FROM unnest($2::text[], $3::boolean[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::bigint[],
              $11::bigint[], $12::date[], $13::integer[], $14::date[], $15::text[], $16::jsonb[], $17::bigint[], $18::boolean[],
              $19::jsonb[], $20::date[], $21::text[], $22::jsonb[], $23::integer[], $24::timestamptz[], $25::text[],
              $26::jsonb[], $27::boolean[], $28::boolean[], $29::bigint[], $30::timestamptz[], $31::timestamptz[], $32::text[],
              $33::text[], $34::text[])
       AS new (id, is_account, name, seller, industry, region, country, employees, company_revenue, annual_potential,
               annual_potential_on, margin_pct, client_since, status, protected, expected_annual, access, problems, revisit_on,
               domain, attributes, said, said_at, said_by, stamps, stub, deleted, version, created_at, updated_at, name_key,
               industry_key, region_key)
 WHERE old.workspace_id = $1::bigint AND old.id = new.id
