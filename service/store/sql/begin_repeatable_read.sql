-- Opens a transaction that sees one snapshot throughout.
BEGIN ISOLATION LEVEL REPEATABLE READ
