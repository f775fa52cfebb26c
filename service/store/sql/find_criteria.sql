-- $1 workspace. Whether some version of its policy has had criteria. Rows: one. Primary key, all versions.
SELECT EXISTS (SELECT FROM policy WHERE workspace_id = $1::bigint AND document -> 'criteria' <> '[]'::jsonb)
