-- $1 workspace, $2… one array a column. New sellers; 23505 when somebody else was faster, and the batch runs again. Rows: none.
INSERT INTO seller (workspace_id, id, name, email, region, weekly_hours, started_on, quota, active, said, said_at, said_by, stamps, stub, deleted, version,
       created_at, updated_at)
SELECT $1::bigint, new.*
  FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::date[], $8::bigint[], $9::boolean[],
              $10::integer[], $11::timestamptz[], $12::text[], $13::jsonb[], $14::boolean[], $15::boolean[], $16::bigint[],
              $17::timestamptz[], $18::timestamptz[]) AS new
