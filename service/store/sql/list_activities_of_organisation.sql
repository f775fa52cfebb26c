-- $1 workspace, $2 rows, $3 behind this id, $4 organisation. One organisation's activities by id.
-- Rows: at most $2. activity_by_day.
SELECT true, false, 0::bigint, '', r.id,
       r.organisation, r.seller, r.contact, r.kind, r.direction, r.minutes, r.at, r.stub,
       r.created_at, r.updated_at
  FROM activity AS r
 WHERE r.workspace_id = $1::bigint AND r.of_organisation = $4::text AND NOT r.deleted AND r.id > $3::text
 ORDER BY r.id
 LIMIT $2::bigint
