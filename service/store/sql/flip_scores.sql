-- $1 workspace, $2 edition in force, $3 edition being written, whose number is its epoch's, $4 organisations in order of id, then one array a column: tier, list, scores and
-- keep score (hundredths), sides, verdict, expected annual amount and where it comes from. They go into that edition with the measures, sellers and fits of the one in force. What a writer has written of it already stays as it
-- is, and what was touched while it was computed is left out; nothing is written once another epoch was announced. A key that is there all the same means that a writer was faster. Rows: one an organisation written, with its
-- seller. Primary keys, one look an organisation (statistics know nothing of an edition so young, and a join would go through all of it for each), and the stretch from the first organisation to the last.
INSERT INTO standing
       (workspace_id, organisation, edition, is_account, margin_pct, tier, list, engagement, potential, keep_score,
        engagement_side, potential_side, could_become_key, verdict, expected_annual, size_source, fit_passed, fit_possible, findings, open_amount,
        largest_open, access, seller, seller_derived, revenue_12m, revenue_prior_12m, revenue_182, revenue_prior_182, margin_12m,
        minutes_12m, rhythm, orders, reach, inbound, directed, lines_12m)
SELECT $1::bigint, s.organisation, $3::integer, s.is_account, s.margin_pct,
       new.tier, new.list, new.engagement, new.potential, new.keep_score, new.engagement_side, new.potential_side, new.could_become_key, new.verdict,
       new.expected_annual, new.size_source,
       s.fit_passed, s.fit_possible, s.findings, s.open_amount, s.largest_open, s.access, s.seller, s.seller_derived,
       s.revenue_12m, s.revenue_prior_12m, s.revenue_182, s.revenue_prior_182, s.margin_12m, s.minutes_12m, s.rhythm, s.orders,
       s.reach, s.inbound, s.directed, s.lines_12m
  FROM unnest($4::text[], $5::text[], $6::text[], $7::integer[], $8::integer[], $9::integer[], $10::smallint[], $11::smallint[], $12::boolean[],
              $13::text[], $14::bigint[], $15::text[])
       AS new (organisation, tier, list, engagement, potential, keep_score, engagement_side, potential_side, could_become_key, verdict,
               expected_annual, size_source)
       CROSS JOIN LATERAL (SELECT *
                             FROM standing
                            WHERE workspace_id = $1::bigint AND organisation = new.organisation AND edition = $2::integer
                           OFFSET 0) AS s
 WHERE (SELECT next_epoch FROM workspace WHERE id = $1::bigint) = $3::integer
   AND s.organisation NOT IN (SELECT organisation
                                FROM touched
                               WHERE workspace_id = $1::bigint AND epoch = $3::integer
                                 AND organisation BETWEEN ($4::text[])[1] AND ($4::text[])[cardinality($4::text[])])
   AND s.organisation NOT IN (SELECT organisation
                                FROM standing
                               WHERE workspace_id = $1::bigint AND edition = $3::integer
                                 AND organisation BETWEEN ($4::text[])[1] AND ($4::text[])[cardinality($4::text[])])
RETURNING organisation, seller
