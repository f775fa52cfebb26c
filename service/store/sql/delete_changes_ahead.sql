-- $1 workspace, $2 epoch in force, $3 behind this organisation, $4 up to this one, null: to the end. Takes back the history of flips that never came. Rows: none. Primary key.
DELETE FROM change
 WHERE workspace_id = $1::bigint AND organisation > $3::text AND ($4::text IS NULL OR organisation <= $4::text) AND epoch > $2::integer
