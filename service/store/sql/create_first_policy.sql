-- $1 workspace, $2 document. The policy a workspace begins with. Rows: none.
INSERT INTO policy (workspace_id, version, document)
VALUES ($1::bigint, 1, $2::jsonb)
