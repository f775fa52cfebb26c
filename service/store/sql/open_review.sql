-- $1 workspace, $2 provisional, $3 key, $4 actor. Asks for a review. Rows: its number; none when another request took the number: ask again. Primary key.
INSERT INTO review (workspace_id, number, state, provisional, key_id, actor)
SELECT $1::bigint, coalesce((SELECT max(number) FROM review WHERE workspace_id = $1::bigint), 0) + 1, 'waiting', $2::boolean, $3::text, $4::text
ON CONFLICT DO NOTHING
RETURNING number
