-- $1 workspace, $2 organisations whose margins were just computed again, $3 with what (hundredths of a percent). Rows: none. Primary key.
UPDATE standing AS s
   SET margin_pct = new.margin_pct
  FROM unnest($2::text[], $3::integer[]) AS new (organisation, margin_pct)
 WHERE s.workspace_id = $1::bigint AND s.organisation = new.organisation
   AND s.edition = (SELECT edition FROM workspace WHERE id = $1::bigint)
