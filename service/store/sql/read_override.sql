-- $1 workspace, $2 organisation. Whether it is an account, and its override in force. Rows: at most one; null behind the first column where there is none. Primary keys.
SELECT o.is_account, x.tier, x.list, x.reason, x.until, x.actor, x.day, x.set_at, x.key_id
  FROM workspace AS w
       JOIN organisation AS o ON o.workspace_id = w.id
       LEFT JOIN override AS x ON x.workspace_id = w.id AND x.organisation = o.id AND x.until >= w.day
 WHERE w.id = $1::bigint AND o.id = $2::text AND NOT o.deleted
