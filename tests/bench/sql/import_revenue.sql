-- What COPY brought into `incoming`, upserted. No daily sums, nothing scored.
INSERT INTO bench.revenue AS r (workspace_id, id, organisation, amount, day, line, line_key, said, said_at, version, created_at, updated_at)
SELECT %(workspace)s::bigint, id, organisation, (amount * 100)::bigint, "on", line, lower(line), 0, now(), 1, now(), now()
  FROM incoming
ON CONFLICT (workspace_id, id) DO UPDATE
   SET organisation = excluded.organisation, amount = excluded.amount, day = excluded.day, line = excluded.line, line_key = excluded.line_key,
       version = r.version + 1, updated_at = excluded.updated_at
