-- Ends a transaction. Done only at the Sync behind it.
COMMIT
