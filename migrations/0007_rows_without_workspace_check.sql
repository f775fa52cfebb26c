-- Records no longer look up their workspace row by row: every write batch reads the workspace's row before it writes (docs/decisions/0007),
-- and workspaces are never deleted.

ALTER TABLE seller DROP CONSTRAINT seller_workspace_id_fkey;
ALTER TABLE organisation DROP CONSTRAINT organisation_workspace_id_fkey;
ALTER TABLE contact DROP CONSTRAINT contact_workspace_id_fkey;
ALTER TABLE deal DROP CONSTRAINT deal_workspace_id_fkey;
ALTER TABLE activity DROP CONSTRAINT activity_workspace_id_fkey;
ALTER TABLE revenue DROP CONSTRAINT revenue_workspace_id_fkey;
