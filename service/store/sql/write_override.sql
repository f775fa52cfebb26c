-- $1 workspace, $2 organisation, which is locked, $3 tier, $4 list, null: left alone, $5 reason, $6 until, $7 the book's day, $8 instant, $9 key, $10 actor. Rows: none. Primary key.
INSERT INTO override (workspace_id, organisation, tier, list, reason, until, day, set_at, key_id, actor)
VALUES ($1::bigint, $2::text, $3::text, $4::text, $5::text, $6::date, $7::date, $8::timestamptz, $9::text, $10::text)
ON CONFLICT (workspace_id, organisation) DO UPDATE
   SET tier = excluded.tier, list = excluded.list, reason = excluded.reason, until = excluded.until, day = excluded.day,
       set_at = excluded.set_at, key_id = excluded.key_id, actor = excluded.actor
