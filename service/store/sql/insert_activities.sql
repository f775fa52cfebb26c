-- $1 workspace, $2… one array a column. New activities; 23505 when somebody else was faster, and the batch runs again. Rows: none.
INSERT INTO activity (workspace_id, id, organisation, seller, contact, kind, direction, minutes, at, said, said_at, said_by, stamps, stub, deleted, version,
       created_at, updated_at, day, of_organisation)
SELECT $1::bigint, new.*
  FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::timestamptz[],
              $10::integer[], $11::timestamptz[], $12::text[], $13::jsonb[], $14::boolean[], $15::boolean[], $16::bigint[],
              $17::timestamptz[], $18::timestamptz[], $19::date[], $20::text[]) AS new
