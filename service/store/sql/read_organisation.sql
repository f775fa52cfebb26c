-- $1 workspaces, $2 ids, pairwise. Organisations with their standing, override and what is in force, hidden ones left out. Rows: at most one a pair. Primary keys.
SELECT o.workspace_id, o.id, o.is_account, o.name, o.seller, o.industry, o.region, o.country, o.employees, o.company_revenue,
       o.annual_potential, o.annual_potential_on, o.margin_pct, o.client_since, o.status, o.protected, o.expected_annual, o.access,
       o.problems, o.revisit_on, o.domain, o.attributes,
       o.said, o.said_at, o.said_by, o.stamps, o.stub, o.deleted, o.version, o.created_at, o.updated_at,
       s.margin_pct, s.tier, s.list, s.engagement, s.potential, s.keep_score, s.engagement_side, s.potential_side, s.could_become_key,
       s.verdict, s.expected_annual, s.size_source, s.fit_passed, s.fit_possible, s.findings, s.open_amount, s.largest_open, s.access,
       s.seller,
       s.seller_derived, s.revenue_12m, s.revenue_prior_12m, s.revenue_182, s.revenue_prior_182, s.margin_12m, s.minutes_12m,
       s.rhythm, s.orders, s.reach, s.inbound, s.directed, s.lines_12m,
       CASE WHEN s.list IN ('target', 'lead')
            THEN is_over_cap(o.workspace_id, w.policy, w.edition, s.organisation, s.seller, s.list, s.fit_passed, s.expected_annual)
       END,
       x.tier, x.list, x.reason, x.until, x.actor,
       a.list, a.seller, a.is_on, a.reason, a.actor, a.at,
       w.day, w.policy, w.review
  FROM unnest($1::bigint[], $2::text[]) AS wanted (workspace_id, id)
  JOIN organisation o ON o.workspace_id = wanted.workspace_id AND o.id = wanted.id
  JOIN workspace w ON w.id = o.workspace_id
  LEFT JOIN standing_in_force s ON s.workspace_id = o.workspace_id AND s.organisation = o.id
  LEFT JOIN override x ON x.workspace_id = o.workspace_id AND x.organisation = o.id AND x.until >= w.day
  LEFT JOIN assignment a ON a.workspace_id = o.workspace_id AND a.organisation = o.id AND NOT o.is_account
 WHERE NOT o.deleted
