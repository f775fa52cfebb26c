-- $1 workspace, $2 rows, $3 behind this id, $4 organisation. One organisation's revenue entries by id.
-- Rows: at most $2. revenue_by_organisation.
SELECT true, false, 0::bigint, '', r.id,
       r.organisation, r.amount, r.margin, r.day, r.line, r.stub,
       r.created_at, r.updated_at
  FROM revenue AS r
 WHERE r.workspace_id = $1::bigint AND r.organisation = $4::text AND NOT r.deleted AND r.id > $3::text
 ORDER BY r.id
 LIMIT $2::bigint
