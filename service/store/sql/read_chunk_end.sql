-- $1 workspace, $2 organisation, $3 rows. The last organisation of the next so many standings behind that one. Rows: one; null: there is none behind. Primary key.
SELECT max(organisation)
  FROM (SELECT organisation
          FROM standing
         WHERE workspace_id = $1::bigint AND organisation > $2::text
         ORDER BY organisation
         LIMIT $3::bigint) AS chunk
