-- What COPY brought into `incoming`, upserted. Nothing is checked, merged by time or scored.
INSERT INTO bench.organisation AS o (workspace_id, id, is_account, name, industry, region, employees, client_since, status, said, said_at,
       version, created_at, updated_at, name_key, industry_key, region_key)
SELECT %(workspace)s::bigint, id, true, name, industry, region, employees, client_since, 'active', 0, now(), 1, now(), now(), lower(name),
       lower(industry), lower(region)
  FROM incoming
ON CONFLICT (workspace_id, id) DO UPDATE
   SET name = excluded.name, industry = excluded.industry, region = excluded.region, employees = excluded.employees,
       client_since = excluded.client_since, version = o.version + 1, updated_at = excluded.updated_at
