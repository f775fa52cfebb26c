-- $1 workspace. Forgets what was told of the book: the review that begins sees it all. Those not yet committed stay. Rows: none. Primary key.
DELETE FROM review_signal
 WHERE workspace_id = $1::bigint
