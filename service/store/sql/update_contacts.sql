-- $1 workspace, $2… one array a column. Contacts that are locked and have changed. Rows: none. Primary key.
UPDATE contact AS old
   SET organisation = new.organisation, name = new.name, email = new.email, persona = new.persona, said = new.said,
       said_at = new.said_at, said_by = new.said_by, stamps = new.stamps, stub = new.stub, deleted = new.deleted,
       version = new.version, created_at = new.created_at, updated_at = new.updated_at
  FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::integer[], $8::timestamptz[], $9::text[],
              $10::jsonb[], $11::boolean[], $12::boolean[], $13::bigint[], $14::timestamptz[], $15::timestamptz[])
       AS new (id, organisation, name, email, persona, said, said_at, said_by, stamps, stub, deleted, version, created_at,
               updated_at)
 WHERE old.workspace_id = $1::bigint AND old.id = new.id
