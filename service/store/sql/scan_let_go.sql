-- $1 workspace, $2 tiers that are let go, $3 $4 $5 behind this keep score (hundredths), revenue (minor units) and id, $6 rows, $7 min_tenure_days. Accounts that may be candidates, in
-- the order in which they would be let go, with what decides it; looked up in the order of ids, which lie side by side. The first revenue is left out where revenue of the year
-- before says already that it lies far enough back. Rows: at most $6, at least one: null behind the fourth column where there is
-- none. standing_by_tier, all of these tiers; override_by_until, all in force; primary keys; decision_by_organisation.
SELECT w.epoch, w.day, w.policy, coalesce(w.review, 0), c.organisation, c.keep_score, c.revenue_12m, c.minutes_12m, c.seller, c.tier, c.list, x.tier, o.status,
       (o.protected ->> 'until')::date, k.until, o.client_since, e.day
  FROM workspace AS w
       LEFT JOIN review AS r ON r.workspace_id = w.id AND r.number = w.review
       LEFT JOIN (SELECT *
                    FROM (SELECT *
                            FROM ((SELECT organisation, coalesce(keep_score, 0) AS keep_score, revenue_12m, revenue_prior_12m, minutes_12m, seller, tier, list
                                     FROM standing
                                    WHERE workspace_id = $1::bigint AND edition = (SELECT edition FROM workspace WHERE id = $1::bigint) AND tier = ANY($2::text[])
                                      AND (list IN ('key', 'secondary') OR (list = 'lka' AND minutes_12m > 0))
                                      AND (coalesce(keep_score, 0), revenue_12m, organisation) > ($3::integer, $4::bigint, $5::text)
                                    ORDER BY coalesce(keep_score, 0), revenue_12m, organisation
                                    LIMIT $6::bigint)
                                  UNION ALL
                                  SELECT v.organisation, coalesce(v.keep_score, 0), v.revenue_12m, v.revenue_prior_12m, v.minutes_12m, v.seller, v.tier, v.list
                                    FROM override AS h
                                         JOIN standing AS v ON v.workspace_id = $1::bigint AND v.organisation = h.organisation
                                                           AND v.edition = (SELECT edition FROM workspace WHERE id = $1::bigint)
                                   WHERE h.workspace_id = $1::bigint AND h.until >= (SELECT day FROM workspace WHERE id = $1::bigint) AND h.tier = ANY($2::text[])
                                     AND coalesce(v.tier, '') <> ALL($2::text[]) AND (v.list IN ('key', 'secondary') OR (v.list = 'lka' AND v.minutes_12m > 0))
                                     AND (coalesce(v.keep_score, 0), v.revenue_12m, v.organisation) > ($3::integer, $4::bigint, $5::text)) AS both_tiers
                           ORDER BY keep_score, revenue_12m, organisation
                           LIMIT $6::bigint) AS candidates
                   ORDER BY organisation
                  OFFSET 0) AS c ON true
       LEFT JOIN LATERAL (SELECT * FROM organisation WHERE workspace_id = $1::bigint AND id = c.organisation OFFSET 0) AS o ON true
       LEFT JOIN LATERAL (SELECT * FROM override WHERE workspace_id = $1::bigint AND organisation = c.organisation AND until >= w.day OFFSET 0) AS x ON true
       LEFT JOIN LATERAL (SELECT max(until) AS until
                            FROM decision
                           WHERE workspace_id = $1::bigint AND organisation = c.organisation AND decision = 'keep') AS k ON true
       LEFT JOIN LATERAL (SELECT day
                            FROM revenue_day
                           WHERE o.client_since IS NULL AND (c.revenue_prior_12m <= 0 OR $7::integer > 365) AND workspace_id = $1::bigint AND organisation = c.organisation AND source = r.revenue_source
                             AND day <= w.day AND positive > 0
                           ORDER BY day
                           LIMIT 1) AS e ON true
 WHERE w.id = $1::bigint
 ORDER BY c.keep_score, c.revenue_12m, c.organisation
