-- $1 workspace. What was refused for want of a rate. Rows: one a currency and kind, in this order: currency, kind, records, first and last instant. Primary key.
SELECT currency, kind, records, first_at, last_at
  FROM refused_currency
 WHERE workspace_id = $1::bigint
 ORDER BY currency, kind
