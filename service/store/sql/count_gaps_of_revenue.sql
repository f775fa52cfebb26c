-- $1 workspace, $2 day. What is not known of the revenue entries of the 12 months up to that day. Rows: one a gap: its name, how many there are, of how many, and the first five ids, a line each.
-- All entries of the workspace; again up to the fifth of a gap, by primary key.
WITH seen AS NOT MATERIALIZED (
	SELECT id, amount, line_key, margin
	  FROM revenue
	 WHERE workspace_id = $1::bigint AND NOT deleted AND day > $2::date - 365 AND day <= $2::date
), counted AS (
	SELECT count(*) AS entries,
	       count(*) FILTER (WHERE amount > 0) AS earning,
	       count(*) FILTER (WHERE amount > 0 AND line_key IS NULL) AS no_line,
	       count(*) FILTER (WHERE margin IS NULL) AS no_margin
	  FROM seen
)
SELECT gap.*
  FROM counted
       CROSS JOIN LATERAL (VALUES
              ('revenue.line', no_line, earning, array_to_string(ARRAY(SELECT id FROM seen WHERE amount > 0 AND line_key IS NULL AND no_line > 0 ORDER BY id LIMIT 5), E'\n')),
              ('revenue.margin', no_margin, entries, array_to_string(ARRAY(SELECT id FROM seen WHERE margin IS NULL AND no_margin > 0 ORDER BY id LIMIT 5), E'\n'))) AS gap (name, missing, considered, examples)
