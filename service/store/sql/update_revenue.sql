-- $1 workspace, $2… one array a column. Revenue that are locked and have changed. Rows: none. Primary key.
UPDATE revenue AS old
   SET organisation = new.organisation, amount = new.amount, margin = new.margin, day = new.day, line = new.line,
       said = new.said, said_at = new.said_at, said_by = new.said_by, stamps = new.stamps, stub = new.stub,
       deleted = new.deleted, version = new.version, created_at = new.created_at, updated_at = new.updated_at,
       line_key = new.line_key
  FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::date[], $7::text[], $8::integer[], $9::timestamptz[],
              $10::text[], $11::jsonb[], $12::boolean[], $13::boolean[], $14::bigint[], $15::timestamptz[], $16::timestamptz[],
              $17::text[])
       AS new (id, organisation, amount, margin, day, line, said, said_at, said_by, stamps, stub, deleted, version, created_at,
               updated_at, line_key)
 WHERE old.workspace_id = $1::bigint AND old.id = new.id
