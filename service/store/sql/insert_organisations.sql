-- $1 workspace, $2… one array a column. New organisations; 23505 when somebody else was faster, and the batch runs again. Rows: none.
INSERT INTO organisation (workspace_id, id, is_account, name, seller, industry, region, country, employees, company_revenue, annual_potential,
       annual_potential_on, margin_pct, client_since, status, protected, expected_annual, access, problems, revisit_on, domain,
       attributes, said, said_at, said_by, stamps, stub, deleted, version, created_at, updated_at, name_key, industry_key,
       region_key)
SELECT $1::bigint, new.*
  FROM unnest($2::text[], $3::boolean[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::bigint[],
              $11::bigint[], $12::date[], $13::integer[], $14::date[], $15::text[], $16::jsonb[], $17::bigint[], $18::boolean[],
              $19::jsonb[], $20::date[], $21::text[], $22::jsonb[], $23::integer[], $24::timestamptz[], $25::text[],
              $26::jsonb[], $27::boolean[], $28::boolean[], $29::bigint[], $30::timestamptz[], $31::timestamptz[], $32::text[],
              $33::text[], $34::text[]) AS new
