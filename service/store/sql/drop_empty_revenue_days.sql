-- $1 workspace, $2 organisation, $3 source, $4 day, $5 line, $6 seller: keys that lost entries; those with none left go. Rows: none. Primary key.
DELETE FROM revenue_day AS old
 USING unnest($2::text[], $3::text[], $4::date[], $5::text[], $6::text[]) AS lost (organisation, source, day, line_key, seller)
 WHERE old.workspace_id = $1::bigint AND old.organisation = lost.organisation AND old.source = lost.source AND old.day = lost.day
   AND old.line_key = lost.line_key AND old.seller = lost.seller AND old.entries = 0
