-- $1 id of a key. Under lock_keys. Rows: its id, none when there is no such key or it is revoked already. Reads the whole table, which is small.
UPDATE api_key
   SET revoked_at = now(), version = nextval('api_key_version')
 WHERE id = $1::text AND revoked_at IS NULL
RETURNING id
