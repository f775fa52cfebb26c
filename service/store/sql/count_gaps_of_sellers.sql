-- $1 workspace. What is not known of active sellers. Rows: one a gap: its name, how many there are, of how many, and the first five ids, a line each.
-- All sellers of the workspace; again up to the fifth of a gap, by primary key.
WITH seen AS NOT MATERIALIZED (
	SELECT id, stub, weekly_hours, quota
	  FROM seller
	 WHERE workspace_id = $1::bigint AND NOT deleted AND active
), counted AS (
	SELECT count(*) AS sellers,
	       count(*) FILTER (WHERE stub) AS no_description,
	       count(*) FILTER (WHERE weekly_hours IS NULL) AS no_hours,
	       count(*) FILTER (WHERE quota IS NULL) AS no_quota
	  FROM seen
)
SELECT gap.*
  FROM counted
       CROSS JOIN LATERAL (VALUES
              ('sellers.description', no_description, sellers, array_to_string(ARRAY(SELECT id FROM seen WHERE stub AND no_description > 0 ORDER BY id LIMIT 5), E'\n')),
              ('sellers.weekly_hours', no_hours, sellers, array_to_string(ARRAY(SELECT id FROM seen WHERE weekly_hours IS NULL AND no_hours > 0 ORDER BY id LIMIT 5), E'\n')),
              ('sellers.quota', no_quota, sellers, array_to_string(ARRAY(SELECT id FROM seen WHERE quota IS NULL AND no_quota > 0 ORDER BY id LIMIT 5), E'\n'))) AS gap (name, missing, considered, examples)
