-- $1 workspace, $2… one array a column. Deals that are locked and have changed. Rows: none. Primary key.
UPDATE deal AS old
   SET organisation = new.organisation, seller = new.seller, amount = new.amount, stage = new.stage, opened_on = new.opened_on,
       closed_on = new.closed_on, line = new.line, said = new.said, said_at = new.said_at, said_by = new.said_by,
       stamps = new.stamps, stub = new.stub, deleted = new.deleted, version = new.version, created_at = new.created_at,
       updated_at = new.updated_at, line_key = new.line_key
  FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::date[], $8::date[], $9::text[], $10::integer[],
              $11::timestamptz[], $12::text[], $13::jsonb[], $14::boolean[], $15::boolean[], $16::bigint[], $17::timestamptz[],
              $18::timestamptz[], $19::text[])
       AS new (id, organisation, seller, amount, stage, opened_on, closed_on, line, said, said_at, said_by, stamps, stub,
               deleted, version, created_at, updated_at, line_key)
 WHERE old.workspace_id = $1::bigint AND old.id = new.id
