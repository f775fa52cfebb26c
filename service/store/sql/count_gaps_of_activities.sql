-- $1 workspace, $2 day. What is not known of the activities of the 12 months up to that day. Rows: one a gap: its name, how many there are, of how many, and the first five ids, a line each.
-- All activities of the workspace; again up to the fifth of a gap, by primary key.
WITH seen AS NOT MATERIALIZED (
	SELECT id, of_organisation, minutes, contact, direction, kind, seller
	  FROM activity
	 WHERE workspace_id = $1::bigint AND NOT deleted AND day > $2::date - 365 AND day <= $2::date
), counted AS (
	SELECT count(*) AS activities,
	       count(*) FILTER (WHERE kind <> 'service') AS directable,
	       count(*) FILTER (WHERE of_organisation IS NULL) AS no_organisation,
	       count(*) FILTER (WHERE minutes IS NULL) AS no_minutes,
	       count(*) FILTER (WHERE contact IS NULL) AS no_contact,
	       count(*) FILTER (WHERE kind <> 'service' AND direction IS NULL) AS no_direction,
	       count(*) FILTER (WHERE seller IS NULL) AS no_seller
	  FROM seen
)
SELECT gap.*
  FROM counted
       CROSS JOIN LATERAL (VALUES
              ('activities.organisation', no_organisation, activities, array_to_string(ARRAY(SELECT id FROM seen WHERE of_organisation IS NULL AND no_organisation > 0 ORDER BY id LIMIT 5), E'\n')),
              ('activities.minutes', no_minutes, activities, array_to_string(ARRAY(SELECT id FROM seen WHERE minutes IS NULL AND no_minutes > 0 ORDER BY id LIMIT 5), E'\n')),
              ('activities.contact', no_contact, activities, array_to_string(ARRAY(SELECT id FROM seen WHERE contact IS NULL AND no_contact > 0 ORDER BY id LIMIT 5), E'\n')),
              ('activities.direction', no_direction, directable, array_to_string(ARRAY(SELECT id FROM seen WHERE kind <> 'service' AND direction IS NULL AND no_direction > 0 ORDER BY id LIMIT 5), E'\n')),
              ('activities.seller', no_seller, activities, array_to_string(ARRAY(SELECT id FROM seen WHERE seller IS NULL AND no_seller > 0 ORDER BY id LIMIT 5), E'\n'))) AS gap (name, missing, considered, examples)
