-- $1 workspace, $2 sellers that are being erased. Organisations they own, sold to or touched. Rows: as many as there are.
SELECT id FROM organisation WHERE workspace_id = $1::bigint AND seller = ANY($2::text[])
 UNION
SELECT organisation FROM deal WHERE workspace_id = $1::bigint AND seller = ANY($2::text[]) AND organisation IS NOT NULL
 UNION
SELECT of_organisation FROM activity WHERE workspace_id = $1::bigint AND seller = ANY($2::text[]) AND of_organisation IS NOT NULL
