-- $1 workspace, $2 organisation, $3 seller, $4 contact, $5 activities (may be negative), $6 latest day added (-infinity: none): differences, one a key. Rows: none.
-- Primary key.
INSERT INTO touch_pair AS old (workspace_id, organisation, seller, contact, activities, last_day)
SELECT $1::bigint, new.*
  FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::date[]) AS new
ON CONFLICT (workspace_id, organisation, seller, contact) DO UPDATE
   SET activities = old.activities + excluded.activities, last_day = greatest(old.last_day, excluded.last_day)
