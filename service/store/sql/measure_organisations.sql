-- $1 workspace, $2 organisations, $3 day, $4 revenue source, $5 W_90, $6 W_180 (bigint[365], ages 0 to 364), $7 whether money is asked for, $8 whether touches
-- are: what is not asked for is 0, and money is kept within bigint. Measures from the daily sums, money in minor units, decay sums times 2^32. The weights of two days differ, so where no day
-- lost money the distinct weights are the days'. Rows: one an organisation asked for, in no order. Primary keys of revenue_day, activity_day, touch_pair; activity_by_pair.
SELECT o.organisation,
       r.revenue_12m, r.revenue_prior_12m, r.revenue_182, r.revenue_prior_182, r.margin_12m,
       a.minutes_12m, a.rhythm,
       CASE WHEN NOT r.has_losses THEN r.orders
            ELSE (SELECT coalesce(sum(($6::bigint[])[$3::date - day + 1]), 0)::bigint
                    FROM (SELECT day
                            FROM revenue_day
                           WHERE workspace_id = $1::bigint AND organisation = o.organisation AND source = $4::text
                             AND day > $3::date - 365 AND day <= $3::date
                           GROUP BY day
                          HAVING sum(amount) > 0) AS earning) END AS orders,
       p.reach, a.inbound, a.directed, r.lines_12m
  FROM unnest($2::text[]) AS o (organisation),
       LATERAL (SELECT greatest(least(coalesce(sum(amount) FILTER (WHERE day > $3::date - 365), 0), 9223372036854775807), -9223372036854775807)::bigint AS revenue_12m,
                       greatest(least(coalesce(sum(amount) FILTER (WHERE day <= $3::date - 365), 0), 9223372036854775807), -9223372036854775807)::bigint AS revenue_prior_12m,
                       greatest(least(coalesce(sum(amount) FILTER (WHERE day > $3::date - 182), 0), 9223372036854775807), -9223372036854775807)::bigint AS revenue_182,
                       greatest(least(coalesce(sum(amount) FILTER (WHERE day > $3::date - 364 AND day <= $3::date - 182), 0), 9223372036854775807), -9223372036854775807)::bigint AS revenue_prior_182,
                       greatest(least(coalesce(sum(margin) FILTER (WHERE day > $3::date - 365), 0), 9223372036854775807), -9223372036854775807)::bigint AS margin_12m,
                       coalesce(sum(DISTINCT ($6::bigint[])[$3::date - day + 1]) FILTER (WHERE amount > 0 AND day > $3::date - 365), 0)::bigint AS orders,
                       coalesce(bool_or(amount < 0) FILTER (WHERE day > $3::date - 365), false) AS has_losses,
                       count(DISTINCT line_key) FILTER (WHERE positive > 0 AND line_key <> '' AND day > $3::date - 365)::integer AS lines_12m
                  FROM revenue_day
                 WHERE $7::boolean AND workspace_id = $1::bigint AND organisation = o.organisation AND source = $4::text
                   AND day > $3::date - 730 AND day <= $3::date) AS r,
       LATERAL (SELECT coalesce(sum(minutes), 0)::bigint AS minutes_12m,
                       coalesce(sum(($5::bigint[])[$3::date - day + 1]), 0)::bigint AS rhythm,
                       coalesce(sum(inbound), 0)::integer AS inbound,
                       coalesce(sum(directed), 0)::integer AS directed
                  FROM activity_day
                 WHERE $8::boolean AND workspace_id = $1::bigint AND organisation = o.organisation
                   AND day > $3::date - 365 AND day <= $3::date) AS a,
       LATERAL (SELECT count(*)::integer AS reach
                  FROM touch_pair AS t
                 WHERE $8::boolean AND t.workspace_id = $1::bigint AND t.organisation = o.organisation AND t.last_day > $3::date - 365
                   AND NOT EXISTS (SELECT FROM contact WHERE workspace_id = $1::bigint AND id = t.contact AND deleted)
                   AND (t.last_day <= $3::date
                        OR EXISTS (SELECT FROM activity
                                    WHERE workspace_id = $1::bigint AND of_organisation = o.organisation
                                      AND seller IS NOT DISTINCT FROM nullif(t.seller, '') AND contact = t.contact
                                      AND day > $3::date - 365 AND day <= $3::date AND NOT deleted))) AS p
