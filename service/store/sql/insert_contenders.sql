-- $1 workspace, $2 review, then one array a column of review_contender: place, organisation, revenue_12m and annual potential (minor units), whether the latter is an
-- estimate, potential (hundredths). One erased meanwhile is left out. Rows: none. Primary keys.
INSERT INTO review_contender (workspace_id, review, place, organisation, revenue_12m, annual_potential, is_estimate, potential)
SELECT $1::bigint, $2::integer, new.*
  FROM unnest($3::integer[], $4::text[], $5::bigint[], $6::bigint[], $7::boolean[], $8::integer[]) AS new (place, organisation)
       JOIN organisation AS o ON o.workspace_id = $1::bigint AND o.id = new.organisation
 ORDER BY o.id
   FOR KEY SHARE OF o
