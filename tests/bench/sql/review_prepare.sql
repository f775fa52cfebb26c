-- Not timed: the peer's standings, of one edition for good, get the measures that the service's have; what the peer itself scored stays.
INSERT INTO bench.standing (workspace_id, organisation, edition, is_account, margin_pct, revenue_12m, revenue_prior_12m, revenue_182, revenue_prior_182,
       margin_12m, minutes_12m, rhythm, orders, reach, inbound, directed, lines_12m)
SELECT workspace_id, organisation, 0, is_account, margin_pct, revenue_12m, revenue_prior_12m, revenue_182, revenue_prior_182,
       margin_12m, minutes_12m, rhythm, orders, reach, inbound, directed, lines_12m
  FROM standing_in_force
ON CONFLICT DO NOTHING;
UPDATE bench.standing AS b
   SET revenue_12m = s.revenue_12m, revenue_prior_12m = s.revenue_prior_12m, rhythm = s.rhythm, orders = s.orders, lines_12m = s.lines_12m
  FROM standing_in_force AS s
 WHERE s.workspace_id = b.workspace_id AND s.organisation = b.organisation
   AND (s.revenue_12m, s.revenue_prior_12m, s.rhythm, s.orders, s.lines_12m)
       IS DISTINCT FROM (b.revenue_12m, b.revenue_prior_12m, b.rhythm, b.orders, b.lines_12m)
