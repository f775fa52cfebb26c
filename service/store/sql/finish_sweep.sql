-- $1 workspace, $2 edition in force. Standing holds no other one any more. Rows: none. Primary key.
UPDATE workspace
   SET unswept = false
 WHERE id = $1::bigint AND edition = $2::integer AND next_state IS DISTINCT FROM 'writing'
