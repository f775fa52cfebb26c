-- Not timed: a book straight into the tables, as an import would have left it but for its measures, which the next refresh makes. %(accounts)s accounts, five
-- revenue entries each on average; every seventh account has none.
INSERT INTO organisation (workspace_id, id, is_account, name, name_key, industry, industry_key, region, region_key, employees, client_since, status,
       said, said_at, version, created_at, updated_at)
SELECT %(workspace)s, (1000000 + n)::text, true, 'Account ' || n, 'account ' || n, i.industry, i.industry, r.region, lower(r.region),
       20 + n::bigint * 7919 %% 3000, date '2020-01-01' + n %% 11 * 30, 'active', 6311, now(), 1, now(), now()
  FROM generate_series(0, %(accounts)s - 1) AS n,
       LATERAL (SELECT (ARRAY['agriculture', 'chemicals', 'construction', 'education', 'energy', 'finance', 'health', 'logistics', 'manufacturing',
                              'retail', 'software', 'tourism'])[n %% 12 + 1] AS industry) AS i,
       LATERAL (SELECT (ARRAY['North', 'East', 'South', 'West'])[n %% 4 + 1] AS region) AS r;
INSERT INTO revenue (workspace_id, id, organisation, amount, day, line, line_key, said, said_at, version, created_at, updated_at)
SELECT %(workspace)s, 'r' || n, (1000000 + a.account - (a.account %% 7 = 6)::integer)::text, (exp(7 + 1.2 * sin(n * 12.9898) * 2) * 100)::bigint,
       current_date - (n %% 700)::integer, l.line, lower(l.line), 27, now(), 1, now(), now()
  FROM generate_series(0, %(accounts)s * 5 - 1) AS n,
       LATERAL (SELECT (n::bigint * 7919 %% %(accounts)s)::integer AS account) AS a,
       LATERAL (SELECT (ARRAY['Pumps', 'Filters', 'Service', 'Parts'])[n * 31::bigint %% 4 + 1] AS line) AS l;
INSERT INTO revenue_day (workspace_id, organisation, source, day, line_key, seller, amount, margin, entries, positive)
SELECT workspace_id, organisation, 'revenue', day, line_key, '', sum(amount), sum(amount), count(*), count(*)
  FROM revenue
 WHERE workspace_id = %(workspace)s
 GROUP BY workspace_id, organisation, day, line_key;
INSERT INTO standing (workspace_id, organisation, edition, is_account, margin_pct, revenue_12m, revenue_prior_12m, revenue_182, revenue_prior_182,
       margin_12m, minutes_12m, rhythm, orders, reach, inbound, directed, lines_12m)
SELECT workspace_id, id, 0, true, 10000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
  FROM organisation
 WHERE workspace_id = %(workspace)s;
UPDATE workspace SET day = current_date - 1 WHERE id = %(workspace)s
