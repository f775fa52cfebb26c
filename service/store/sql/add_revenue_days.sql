-- $1 workspace, $2 organisation, $3 source, $4 day, $5 line, $6 seller, $7 amount, $8 margin, $9 entries, $10 positive: differences to add, one a key. Rows: none.
-- Primary key.
INSERT INTO revenue_day AS old (workspace_id, organisation, source, day, line_key, seller, amount, margin, entries, positive)
SELECT $1::bigint, new.*
  FROM unnest($2::text[], $3::text[], $4::date[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::integer[], $10::integer[]) AS new
ON CONFLICT (workspace_id, organisation, source, day, line_key, seller) DO UPDATE
   SET amount = old.amount + excluded.amount, margin = old.margin + excluded.margin,
       entries = old.entries + excluded.entries, positive = old.positive + excluded.positive
