-- $1 workspace, $2 organisation, $3 day, $4 activities, $5 minutes, $6 inbound, $7 directed: differences to add, one a key. Rows: none. Primary key.
INSERT INTO activity_day AS old (workspace_id, organisation, day, activities, minutes, inbound, directed)
SELECT $1::bigint, new.*
  FROM unnest($2::text[], $3::date[], $4::integer[], $5::bigint[], $6::integer[], $7::integer[]) AS new
ON CONFLICT (workspace_id, organisation, day) DO UPDATE
   SET activities = old.activities + excluded.activities, minutes = old.minutes + excluded.minutes,
       inbound = old.inbound + excluded.inbound, directed = old.directed + excluded.directed
