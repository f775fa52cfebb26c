-- $1 workspace. What is not known of deals. Rows: one a gap: its name, how many there are, of how many, and the first five ids, a line each.
-- All deals of the workspace; again up to the fifth of a gap, by primary key.
WITH seen AS NOT MATERIALIZED (
	SELECT id, organisation, amount, stage, opened_on, closed_on, seller
	  FROM deal
	 WHERE workspace_id = $1::bigint AND NOT deleted
), counted AS (
	SELECT count(*) AS deals,
	       count(*) FILTER (WHERE stage <> 'open') AS ended,
	       count(*) FILTER (WHERE organisation IS NULL) AS no_organisation,
	       count(*) FILTER (WHERE amount IS NULL) AS no_amount,
	       count(*) FILTER (WHERE seller IS NULL) AS no_seller,
	       count(*) FILTER (WHERE stage <> 'open' AND closed_on IS NULL) AS no_closed_on,
	       count(*) FILTER (WHERE stage <> 'open' AND opened_on IS NULL) AS no_opened_on
	  FROM seen
)
SELECT gap.*
  FROM counted
       CROSS JOIN LATERAL (VALUES
              ('deals.organisation', no_organisation, deals, array_to_string(ARRAY(SELECT id FROM seen WHERE organisation IS NULL AND no_organisation > 0 ORDER BY id LIMIT 5), E'\n')),
              ('deals.amount', no_amount, deals, array_to_string(ARRAY(SELECT id FROM seen WHERE amount IS NULL AND no_amount > 0 ORDER BY id LIMIT 5), E'\n')),
              ('deals.closed_on', no_closed_on, ended, array_to_string(ARRAY(SELECT id FROM seen WHERE stage <> 'open' AND closed_on IS NULL AND no_closed_on > 0 ORDER BY id LIMIT 5), E'\n')),
              ('deals.opened_on', no_opened_on, ended, array_to_string(ARRAY(SELECT id FROM seen WHERE stage <> 'open' AND opened_on IS NULL AND no_opened_on > 0 ORDER BY id LIMIT 5), E'\n')),
              ('deals.seller', no_seller, deals, array_to_string(ARRAY(SELECT id FROM seen WHERE seller IS NULL AND no_seller > 0 ORDER BY id LIMIT 5), E'\n'))) AS gap (name, missing, considered, examples)
