-- As contacts' index since 0008, and all others of standing: it leaves rows out, so that only the primary key serves a look by organisation, also while the table is
-- empty or was never analysed.

DROP INDEX standing_by_seller;
CREATE INDEX standing_by_seller ON standing (workspace_id, edition, seller, organisation) WHERE seller IS NOT NULL;
