-- $1 workspaces, $2 ids, pairwise. Contacts, hidden ones left out. Rows: at most one a pair. Primary key.
SELECT r.workspace_id, r.id, r.organisation, r.name, r.email, r.persona,
       r.said, r.said_at, r.said_by, r.stamps, r.stub, r.deleted, r.version, r.created_at, r.updated_at
  FROM unnest($1::bigint[], $2::text[]) AS wanted (workspace_id, id)
  JOIN contact r ON r.workspace_id = wanted.workspace_id AND r.id = wanted.id
 WHERE NOT r.deleted
