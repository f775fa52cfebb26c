-- $1 workspace, $2 document, $3 note, $4 key, $5 actor, $6 version that must be the newest, 0: any, $7 why it may loosen, $8 prospects let in. The next version, unless the newest says the same already. Rows: one: the
-- newest before, whether it says the same, and the version added; null: it says the same, is not $6, or another request took the number (ask again). Primary key.
WITH newest AS (
	SELECT version, document = $2::jsonb AS is_same
	  FROM policy
	 WHERE workspace_id = $1::bigint
	 ORDER BY version DESC
	 LIMIT 1
), added AS (
	INSERT INTO policy (workspace_id, version, document, note, key_id, actor, acknowledged, let_in)
	SELECT $1::bigint, version + 1, $2::jsonb, $3::text, $4::text, $5::text, $7::text, $8::bigint
	  FROM newest
	 WHERE NOT is_same AND ($6::integer = 0 OR version = $6::integer)
	ON CONFLICT DO NOTHING
	RETURNING version
)
SELECT version, is_same, (SELECT version FROM added)
  FROM newest
