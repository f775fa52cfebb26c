-- $1 workspaces, $2 ids, pairwise. Deals, hidden ones left out. Rows: at most one a pair. Primary key.
SELECT r.workspace_id, r.id, r.organisation, r.seller, r.amount, r.stage, r.opened_on, r.closed_on, r.line,
       r.said, r.said_at, r.said_by, r.stamps, r.stub, r.deleted, r.version, r.created_at, r.updated_at
  FROM unnest($1::bigint[], $2::text[]) AS wanted (workspace_id, id)
  JOIN deal r ON r.workspace_id = wanted.workspace_id AND r.id = wanted.id
 WHERE NOT r.deleted
