-- $1 workspace, $2 organisation, $3 decision, $4 by whom, $5 reason, $6 until, null: for good, $7 seller, $8 margin_pct (hundredths), $9 the book's day, $10 instant, $11 key, $12 actor,
-- then what the account was before: $13 tier, $14 list, $15 keep score (hundredths), $16 revenue of 12 months (minor units), $17 minutes. Rows: its number.
INSERT INTO decision (workspace_id, organisation, decision, decided_by, reason, until, seller, margin_pct, day, decided_at, key_id, actor,
       tier, list, keep_score, revenue_12m, minutes_12m)
VALUES ($1::bigint, $2::text, $3::text, $4::text, $5::text, $6::date, $7::text, $8::integer, $9::date, $10::timestamptz, $11::text, $12::text,
       $13::text, $14::text, $15::integer, $16::bigint, $17::bigint)
RETURNING id
