-- $1 workspace, $2 clients gained less lost, $3 decisive. Rows: none.
INSERT INTO review_signal (workspace_id, clients_delta, decisive)
VALUES ($1::bigint, $2::integer, $3::boolean)
