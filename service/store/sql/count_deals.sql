-- $1 workspace; $2 null, or the organisation; each null or to be equal: $3 seller, $4 stage. How many deals a list holds. Rows: one.
-- deal_by_closed or deal_by_opened; without an organisation deal as a whole.
SELECT (SELECT count(*)
          FROM deal
         WHERE $2::text IS NULL AND workspace_id = $1::bigint AND NOT deleted AND ($3::text IS NULL OR seller = $3::text) AND ($4::text IS NULL OR stage = $4::text))
       + (SELECT count(*)
            FROM deal
           WHERE workspace_id = $1::bigint AND organisation = $2::text AND NOT deleted AND ($3::text IS NULL OR seller = $3::text) AND ($4::text IS NULL OR stage = $4::text))
