-- $1 workspace, $2 organisations. Their standings in force, in no order; none where an organisation has none. Primary key, one look an organisation: a list of
-- ids would be a filter over the whole workspace in a database that was never analysed.
SELECT s.organisation, s.margin_pct, s.tier, s.list, s.engagement, s.potential, s.keep_score, s.engagement_side, s.potential_side, s.could_become_key,
       s.verdict, s.expected_annual, s.size_source, s.fit_passed, s.fit_possible, s.findings, s.open_amount, s.largest_open, s.access,
       s.seller, s.seller_derived, s.revenue_12m,
       s.revenue_prior_12m, s.revenue_182, s.revenue_prior_182, s.margin_12m, s.minutes_12m, s.rhythm, s.orders, s.reach, s.inbound,
       s.directed, s.lines_12m
  FROM unnest($2::text[]) AS asked (id),
       LATERAL (SELECT *
                  FROM standing
                 WHERE workspace_id = $1::bigint AND organisation = asked.id AND edition = (SELECT edition FROM workspace WHERE id = $1::bigint)
                OFFSET 0) AS s
