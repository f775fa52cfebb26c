-- $1 workspace, $2… one array a column. Activities that are locked and have changed. Rows: none. Primary key.
UPDATE activity AS old
   SET organisation = new.organisation, seller = new.seller, contact = new.contact, kind = new.kind, direction = new.direction,
       minutes = new.minutes, at = new.at, said = new.said, said_at = new.said_at, said_by = new.said_by, stamps = new.stamps,
       stub = new.stub, deleted = new.deleted, version = new.version, created_at = new.created_at, updated_at = new.updated_at,
       day = new.day, of_organisation = new.of_organisation
  FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::timestamptz[],
              $10::integer[], $11::timestamptz[], $12::text[], $13::jsonb[], $14::boolean[], $15::boolean[], $16::bigint[],
              $17::timestamptz[], $18::timestamptz[], $19::date[], $20::text[])
       AS new (id, organisation, seller, contact, kind, direction, minutes, at, said, said_at, said_by, stamps, stub, deleted,
               version, created_at, updated_at, day, of_organisation)
 WHERE old.workspace_id = $1::bigint AND old.id = new.id
