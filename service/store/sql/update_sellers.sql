-- $1 workspace, $2… one array a column. Sellers that are locked and have changed. Rows: none. Primary key.
UPDATE seller AS old
   SET name = new.name, email = new.email, region = new.region, weekly_hours = new.weekly_hours, started_on = new.started_on,
       quota = new.quota, active = new.active, said = new.said, said_at = new.said_at, said_by = new.said_by,
       stamps = new.stamps, stub = new.stub, deleted = new.deleted, version = new.version, created_at = new.created_at,
       updated_at = new.updated_at
  FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::date[], $8::bigint[], $9::boolean[],
              $10::integer[], $11::timestamptz[], $12::text[], $13::jsonb[], $14::boolean[], $15::boolean[], $16::bigint[],
              $17::timestamptz[], $18::timestamptz[])
       AS new (id, name, email, region, weekly_hours, started_on, quota, active, said, said_at, said_by, stamps, stub, deleted,
               version, created_at, updated_at)
 WHERE old.workspace_id = $1::bigint AND old.id = new.id
