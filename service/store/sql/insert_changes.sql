-- $1 workspace, $2 instant, $3 epoch, $4 day, $5 review, $6 policy, $7 cause, $8 reference, $9 key, $10 actor, then one array a column, but for $22 and $23: all engagement
-- points and all potential points, 5 and 4 a row in a row; $30 the overrides, $31 the protections and $32 the assignments before, each null as a whole: as they are now. What an
-- import has said of an organisation already, with nothing behind it, goes, and what is said now tells the change from before that; if it has come to nothing, it is not said.
-- Rows: none. Primary keys.
WITH earlier AS (
	DELETE FROM change AS c
	 USING unnest($11::text[]) AS again (organisation)
	 WHERE $7::text = 'import' AND c.workspace_id = $1::bigint AND c.organisation = again.organisation AND c.cause = 'import' AND c.reference = $8::text
	   AND c.position = (SELECT max(position) FROM change WHERE workspace_id = $1::bigint AND organisation = again.organisation AND epoch <= $3::integer)
	RETURNING c.*
)
INSERT INTO change (workspace_id, at, epoch, day, review, policy, cause, reference, key_id, actor,
       organisation, status, tier, list, seller, engagement, potential, previous_status, previous_tier, previous_list, previous_seller,
       verdict, previous_verdict, expected_annual, fit, fit_best, findings, engagement_points, potential_points,
       override, previous_override, protected_until, previous_protected_until, assigned, previous_assigned)
SELECT $1::bigint, $2::timestamptz, $3::integer, $4::date, nullif($5::integer, 0), $6::integer, $7::text, $8::text, $9::text, $10::text,
       new.organisation, new.status, new.tier, new.list, new.seller, new.engagement, new.potential,
       before.status, before.tier, before.list, before.seller,
       new.verdict, before.verdict, new.expected_annual, new.fit, new.fit_best, new.findings,
       ($22::integer[])[5 * new.n - 4 : 5 * new.n], ($23::integer[])[4 * new.n - 3 : 4 * new.n],
       x.shown, before.override, (o.protected ->> 'until')::date, before.protected_until, a.shown, before.assigned
  FROM unnest($11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::integer[], $17::integer[], $18::text[],
              $19::text[], $20::text[], $21::text[], $24::text[], $25::text[], $26::bigint[], $27::integer[], $28::integer[], $29::text[])
       WITH ORDINALITY
       AS new (organisation, status, tier, list, seller, engagement, potential, previous_status, previous_tier, previous_list,
               previous_seller, verdict, previous_verdict, expected_annual, fit, fit_best, findings, n)
       LEFT JOIN LATERAL (SELECT protected, is_account FROM organisation WHERE workspace_id = $1::bigint AND id = new.organisation OFFSET 0) AS o ON true
       LEFT JOIN LATERAL (SELECT shown
                            FROM override_shown
                           WHERE workspace_id = $1::bigint AND organisation = new.organisation AND until >= $4::date
                          OFFSET 0) AS x ON true
       LEFT JOIN LATERAL (SELECT shown
                            FROM assignment_shown
                           WHERE workspace_id = $1::bigint AND organisation = new.organisation AND NOT o.is_account
                          OFFSET 0) AS a ON true
       LEFT JOIN earlier AS e ON e.organisation = new.organisation
       CROSS JOIN LATERAL (SELECT e.previous_status AS status, e.previous_tier AS tier, e.previous_list AS list, e.previous_seller AS seller,
                                  e.previous_verdict AS verdict, e.previous_override AS override, e.previous_protected_until AS protected_until,
                                  e.previous_assigned AS assigned
                            WHERE e.organisation IS NOT NULL
                           UNION ALL
                           SELECT new.previous_status, new.previous_tier, new.previous_list, new.previous_seller, new.previous_verdict,
                                  CASE WHEN $30::jsonb[] IS NULL THEN x.shown ELSE ($30::jsonb[])[new.n] END,
                                  ((CASE WHEN $31::jsonb[] IS NULL THEN o.protected ELSE ($31::jsonb[])[new.n] END) ->> 'until')::date,
                                  CASE WHEN $32::jsonb[] IS NULL THEN a.shown ELSE ($32::jsonb[])[new.n] END
                            WHERE e.organisation IS NULL) AS before
 WHERE e.organisation IS NULL
    OR (new.status, new.tier, new.list, new.seller, new.verdict, x.shown, (o.protected ->> 'until')::date, a.shown)
       IS DISTINCT FROM (before.status, before.tier, before.list, before.seller, before.verdict, before.override, before.protected_until, before.assigned)
 ORDER BY new.n
