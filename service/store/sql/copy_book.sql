-- Of the workspace named by scope_session: what a review reads of every organisation that is not hidden. Rows: the whole book, in no order. standing and organisation as a whole.
COPY (SELECT s.organisation, s.is_account, o.status = 'active', o.employees, o.industry_key, o.annual_potential, o.annual_potential_on,
             s.tier, s.list, s.engagement, s.potential, s.keep_score, s.engagement_side, s.potential_side, s.could_become_key,
             s.revenue_12m, s.revenue_prior_12m, s.revenue_182, s.revenue_prior_182, s.margin_12m, s.minutes_12m, s.rhythm, s.orders,
             s.reach, s.inbound, s.directed, s.lines_12m,
             s.verdict, s.expected_annual, s.size_source, s.fit_passed, s.fit_possible, s.findings, s.open_amount, s.largest_open,
             s.access::integer, o.expected_annual, o.revisit_on, s.seller, s.seller_derived, s.margin_pct, o.margin_pct
        FROM standing_in_force AS s
             JOIN organisation AS o ON o.workspace_id = s.workspace_id AND o.id = s.organisation
       WHERE s.workspace_id = current_setting('sweetspot.workspace')::bigint
         AND o.workspace_id = current_setting('sweetspot.workspace')::bigint) TO STDOUT (FORMAT binary)
