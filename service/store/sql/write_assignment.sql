-- $1 workspace, $2 prospect, which is locked, $3 seller, $4 list, $5 put there, or taken off, $6 reason, $7 instant, $8 key, $9 actor. Rows: none. Primary key.
INSERT INTO assignment (workspace_id, organisation, seller, list, is_on, reason, at, key_id, actor)
VALUES ($1::bigint, $2::text, $3::text, $4::text, $5::boolean, $6::text, $7::timestamptz, $8::text, $9::text)
ON CONFLICT (workspace_id, organisation) DO UPDATE
   SET seller = excluded.seller, list = excluded.list, is_on = excluded.is_on, reason = excluded.reason, at = excluded.at,
       key_id = excluded.key_id, actor = excluded.actor
