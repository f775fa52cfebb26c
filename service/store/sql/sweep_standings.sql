-- $1 workspace, $2 edition in force, $3 behind this organisation, $4 up to this one. Deletes there what belongs to other editions. Rows: none. Primary key.
DELETE FROM standing
 WHERE workspace_id = $1::bigint AND organisation > $3::text AND organisation <= $4::text AND edition <> $2::integer
