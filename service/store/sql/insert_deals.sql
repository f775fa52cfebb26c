-- $1 workspace, $2… one array a column. New deals; 23505 when somebody else was faster, and the batch runs again. Rows: none.
INSERT INTO deal (workspace_id, id, organisation, seller, amount, stage, opened_on, closed_on, line, said, said_at, said_by, stamps, stub, deleted,
       version, created_at, updated_at, line_key)
SELECT $1::bigint, new.*
  FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::date[], $8::date[], $9::text[], $10::integer[],
              $11::timestamptz[], $12::text[], $13::jsonb[], $14::boolean[], $15::boolean[], $16::bigint[], $17::timestamptz[],
              $18::timestamptz[], $19::text[]) AS new
