-- $1 workspace, $2 kind, $3 currencies, $4 records of each: refused for want of a rate. Rows: none. Primary key.
INSERT INTO refused_currency AS r (workspace_id, kind, currency, records, first_at, last_at)
SELECT $1::bigint, $2::text, new.currency, new.records, now(), now()
  FROM unnest($3::text[], $4::bigint[]) AS new (currency, records)
 ORDER BY new.currency
ON CONFLICT (workspace_id, currency, kind) DO UPDATE SET records = r.records + excluded.records, last_at = excluded.last_at
