-- $1 workspace, $2 before this version, $3 rows. Versions of the policy with their documents, newest first, and the version in force. Rows: at most $3. Primary key.
SELECT p.version, p.document, p.note, p.key_id, p.actor, p.created_at, w.policy, p.acknowledged, p.let_in
  FROM policy AS p
       JOIN workspace AS w ON w.id = p.workspace_id
 WHERE p.workspace_id = $1::bigint AND p.version < $2::integer
 ORDER BY p.version DESC
 LIMIT $3::bigint
