-- $1 workspace, $2 day. What is not known of active accounts and prospects. Rows: one a gap: its name, how many there are, of how many, and the first five ids, a line each.
-- All organisations of the workspace; again up to the fifth of a gap, by primary key.
WITH seen AS NOT MATERIALIZED (
	SELECT o.id, o.is_account, o.stub AS description, o.industry_key IS NULL AS industry, o.employees IS NULL AS employees,
	       o.seller IS NULL AND (SELECT seller FROM standing_in_force WHERE workspace_id = $1::bigint AND organisation = o.id) IS NULL AS seller,
	       o.annual_potential IS NOT NULL AS has_potential, o.annual_potential_on <= $2::date - 365 AS old_potential,
	       o.expected_annual IS NULL AS expected_annual
	  FROM organisation AS o
	 WHERE o.workspace_id = $1::bigint AND NOT o.deleted AND o.status = 'active'
), counted AS (
	SELECT count(*) FILTER (WHERE is_account) AS accounts,
	       count(*) FILTER (WHERE is_account AND description) AS a_description,
	       count(*) FILTER (WHERE is_account AND industry) AS a_industry,
	       count(*) FILTER (WHERE is_account AND employees) AS a_employees,
	       count(*) FILTER (WHERE is_account AND seller) AS a_seller,
	       count(*) FILTER (WHERE is_account AND has_potential) AS potentials,
	       count(*) FILTER (WHERE is_account AND has_potential AND old_potential) AS a_potential,
	       count(*) FILTER (WHERE NOT is_account) AS prospects,
	       count(*) FILTER (WHERE NOT is_account AND description) AS p_description,
	       count(*) FILTER (WHERE NOT is_account AND industry) AS p_industry,
	       count(*) FILTER (WHERE NOT is_account AND employees) AS p_employees,
	       count(*) FILTER (WHERE NOT is_account AND seller) AS p_seller,
	       count(*) FILTER (WHERE NOT is_account AND expected_annual) AS p_expected
	  FROM seen
)
SELECT gap.*
  FROM counted
       CROSS JOIN LATERAL (VALUES
              ('accounts.description', a_description, accounts, array_to_string(ARRAY(SELECT id FROM seen WHERE is_account AND description AND a_description > 0 ORDER BY id LIMIT 5), E'\n')),
              ('accounts.industry', a_industry, accounts, array_to_string(ARRAY(SELECT id FROM seen WHERE is_account AND industry AND a_industry > 0 ORDER BY id LIMIT 5), E'\n')),
              ('accounts.employees', a_employees, accounts, array_to_string(ARRAY(SELECT id FROM seen WHERE is_account AND employees AND a_employees > 0 ORDER BY id LIMIT 5), E'\n')),
              ('accounts.seller', a_seller, accounts, array_to_string(ARRAY(SELECT id FROM seen WHERE is_account AND seller AND a_seller > 0 ORDER BY id LIMIT 5), E'\n')),
              ('accounts.annual_potential', a_potential, potentials, array_to_string(ARRAY(SELECT id FROM seen WHERE is_account AND has_potential AND old_potential AND a_potential > 0 ORDER BY id LIMIT 5), E'\n')),
              ('prospects.description', p_description, prospects, array_to_string(ARRAY(SELECT id FROM seen WHERE NOT is_account AND description AND p_description > 0 ORDER BY id LIMIT 5), E'\n')),
              ('prospects.industry', p_industry, prospects, array_to_string(ARRAY(SELECT id FROM seen WHERE NOT is_account AND industry AND p_industry > 0 ORDER BY id LIMIT 5), E'\n')),
              ('prospects.employees', p_employees, prospects, array_to_string(ARRAY(SELECT id FROM seen WHERE NOT is_account AND employees AND p_employees > 0 ORDER BY id LIMIT 5), E'\n')),
              ('prospects.seller', p_seller, prospects, array_to_string(ARRAY(SELECT id FROM seen WHERE NOT is_account AND seller AND p_seller > 0 ORDER BY id LIMIT 5), E'\n')),
              ('prospects.expected_annual', p_expected, prospects, array_to_string(ARRAY(SELECT id FROM seen WHERE NOT is_account AND expected_annual AND p_expected > 0 ORDER BY id LIMIT 5), E'\n'))) AS gap (name, missing, considered, examples)
