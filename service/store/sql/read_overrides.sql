-- $1 workspace, $2 organisations, which are locked. Their overrides in force, and as the history has them. Rows: at most one an organisation. Primary keys.
SELECT x.organisation, x.tier, x.list, x.reason, x.until, x.actor, x.day, x.set_at, x.key_id, s.shown
  FROM workspace AS w
       JOIN override AS x ON x.workspace_id = w.id AND x.until >= w.day
       JOIN override_shown AS s ON s.workspace_id = w.id AND s.organisation = x.organisation
 WHERE w.id = $1::bigint AND x.organisation = ANY($2::text[])
