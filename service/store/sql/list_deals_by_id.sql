-- $1 workspace, $2 rows, $3 behind this id; each null or to be equal: $4 seller, $5 stage. Deals by id.
-- Looks at 2,000 at a time: a row that does not fit is there only as the 2,000th, to go on from. Rows: at most $2. Primary key.
SELECT f.fits, r.n = 2000, 0::bigint, '', r.id,
       r.organisation, r.seller, r.amount, r.stage, r.opened_on, r.closed_on, r.line, r.stub,
       r.created_at, r.updated_at
  FROM (SELECT chunk.*, row_number() OVER (ORDER BY id) AS n
          FROM (SELECT *
                  FROM deal
                 WHERE workspace_id = $1::bigint AND id > $3::text
                 ORDER BY id
                 LIMIT 2000) AS chunk) AS r
       CROSS JOIN LATERAL (SELECT coalesce(NOT r.deleted AND ($4::text IS NULL OR r.seller = $4::text) AND ($5::text IS NULL OR r.stage = $5::text), false) AS fits) AS f
 WHERE f.fits OR r.n = 2000
 ORDER BY r.id
 LIMIT $2::bigint
