-- $1 workspace, $2… one array a column. New revenue; returns the ids that were new: a missing one was inserted by somebody else meanwhile.
-- Primary key.
INSERT INTO revenue (workspace_id, id, organisation, amount, margin, day, line, said, said_at, said_by, stamps, stub, deleted, version, created_at,
       updated_at, line_key)
SELECT $1::bigint, new.*
  FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::date[], $7::text[], $8::integer[], $9::timestamptz[],
              $10::text[], $11::jsonb[], $12::boolean[], $13::boolean[], $14::bigint[], $15::timestamptz[], $16::timestamptz[],
              $17::text[]) AS new
ON CONFLICT DO NOTHING
RETURNING id
