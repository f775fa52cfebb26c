-- $1 workspace. What is not known of contacts. Rows: one a gap: its name, how many there are, of how many, and the first five ids, a line each.
-- All contacts of the workspace; again up to the fifth of a gap, by primary key.
WITH seen AS NOT MATERIALIZED (
	SELECT id, organisation, persona
	  FROM contact
	 WHERE workspace_id = $1::bigint AND NOT deleted
), counted AS (
	SELECT count(*) AS contacts,
	       count(*) FILTER (WHERE organisation IS NULL) AS no_organisation,
	       count(*) FILTER (WHERE persona IS NULL) AS no_persona
	  FROM seen
)
SELECT gap.*
  FROM counted
       CROSS JOIN LATERAL (VALUES
              ('contacts.organisation', no_organisation, contacts, array_to_string(ARRAY(SELECT id FROM seen WHERE organisation IS NULL AND no_organisation > 0 ORDER BY id LIMIT 5), E'\n')),
              ('contacts.persona', no_persona, contacts, array_to_string(ARRAY(SELECT id FROM seen WHERE persona IS NULL AND no_persona > 0 ORDER BY id LIMIT 5), E'\n'))) AS gap (name, missing, considered, examples)
