-- $1 workspace, $2… one array a column. New contacts; 23505 when somebody else was faster, and the batch runs again. Rows: none.
INSERT INTO contact (workspace_id, id, organisation, name, email, persona, said, said_at, said_by, stamps, stub, deleted, version, created_at, updated_at)
SELECT $1::bigint, new.*
  FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::integer[], $8::timestamptz[], $9::text[],
              $10::jsonb[], $11::boolean[], $12::boolean[], $13::bigint[], $14::timestamptz[], $15::timestamptz[]) AS new
