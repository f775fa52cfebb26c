-- $1 workspace, $2… one array a column. New revenue; 23505 when somebody else was faster, and the batch runs again. Rows: none.
INSERT INTO revenue (workspace_id, id, organisation, amount, margin, day, line, said, said_at, said_by, stamps, stub, deleted, version, created_at,
       updated_at, line_key)
SELECT $1::bigint, new.*
  FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::date[], $7::text[], $8::integer[], $9::timestamptz[],
              $10::text[], $11::jsonb[], $12::boolean[], $13::boolean[], $14::bigint[], $15::timestamptz[], $16::timestamptz[],
              $17::text[]) AS new
