-- $1 workspace, $2 rows, $3 behind this id, $4 organisation; each null or to be equal: $5 seller, $6 stage. One organisation's deals by id.
-- Rows: at most $2. deal_by_closed or deal_by_opened.
SELECT true, false, 0::bigint, '', r.id,
       r.organisation, r.seller, r.amount, r.stage, r.opened_on, r.closed_on, r.line, r.stub,
       r.created_at, r.updated_at
  FROM deal AS r
 WHERE r.workspace_id = $1::bigint AND r.organisation = $4::text AND NOT r.deleted AND r.id > $3::text
   AND ($5::text IS NULL OR r.seller = $5::text) AND ($6::text IS NULL OR r.stage = $6::text)
 ORDER BY r.id
 LIMIT $2::bigint
