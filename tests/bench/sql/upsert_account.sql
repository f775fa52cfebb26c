-- $1 workspace, $2 id, $3 name, $4 industry, $5 region, $6 employees, $7 client since. A plain upsert of the same fields, not scored.
INSERT INTO bench.organisation AS o (workspace_id, id, is_account, name, industry, region, employees, client_since, status, said, said_at,
       version, created_at, updated_at, name_key, industry_key, region_key)
VALUES ($1::bigint, $2::text, true, $3::text, $4::text, $5::text, $6::bigint, $7::date, 'active', 0, now(), 1, now(), now(),
        lower($3::text), lower($4::text), lower($5::text))
ON CONFLICT (workspace_id, id) DO UPDATE
   SET name = excluded.name, industry = excluded.industry, region = excluded.region, employees = excluded.employees,
       client_since = excluded.client_since, said_at = excluded.said_at, version = o.version + 1, updated_at = excluded.updated_at,
       name_key = excluded.name_key, industry_key = excluded.industry_key, region_key = excluded.region_key
