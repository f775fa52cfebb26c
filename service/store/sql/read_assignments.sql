-- $1 workspace, $2 organisations, which are locked. What was made of the prospects among them and a list by hand, and as the history has it. Rows: at most one a prospect.
-- Primary keys.
SELECT a.organisation, a.list, a.seller, a.is_on, a.reason, a.actor, a.at, s.shown
  FROM unnest($2::text[]) AS asked (id)
       CROSS JOIN LATERAL (SELECT * FROM assignment WHERE workspace_id = $1::bigint AND organisation = asked.id OFFSET 0) AS a
       JOIN assignment_shown AS s ON s.workspace_id = $1::bigint AND s.organisation = a.organisation
       JOIN organisation AS o ON o.workspace_id = $1::bigint AND o.id = a.organisation AND NOT o.is_account
