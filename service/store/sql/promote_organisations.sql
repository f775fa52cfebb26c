-- $1 workspace, $2 prospects that have bought by the day that comes into force. Under the exclusive lock. Rows: none. Primary key.
UPDATE organisation
   SET is_account = true, version = version + 1, updated_at = now()
 WHERE workspace_id = $1::bigint AND id = ANY($2::text[]) AND NOT is_account AND NOT deleted
