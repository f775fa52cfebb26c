-- $1 workspace, $2 organisations. The personas of their contacts, hidden ones left out. Rows: one a persona of an organisation, each organisation's together.
-- contact_by_organisation.
SELECT DISTINCT organisation, persona
  FROM contact
 WHERE workspace_id = $1::bigint AND organisation = ANY($2::text[]) AND persona IS NOT NULL AND NOT deleted
 ORDER BY organisation, persona
