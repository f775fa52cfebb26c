-- $1 workspace, $2 id. A seller leaves every table; what was sold and done stays, without a name. The sums of whom it touches are rebuilt afterwards. Rows: none.
WITH owned AS (UPDATE organisation SET seller = NULL WHERE workspace_id = $1::bigint AND seller = $2::text),
     sold AS (UPDATE deal SET seller = NULL WHERE workspace_id = $1::bigint AND seller = $2::text),
     touched AS (UPDATE activity SET seller = NULL WHERE workspace_id = $1::bigint AND seller = $2::text),
     piped AS (DELETE FROM pipeline_month WHERE workspace_id = $1::bigint AND seller = $2::text),
     decided AS (UPDATE decision SET seller = NULL WHERE workspace_id = $1::bigint AND seller = $2::text),
     assigned AS (DELETE FROM assignment WHERE workspace_id = $1::bigint AND seller = $2::text),
     history AS (UPDATE change
                    SET seller = nullif(seller, $2::text), previous_seller = nullif(previous_seller, $2::text),
                        assigned = CASE WHEN assigned ->> 'seller' = $2::text THEN assigned || '{"seller": null}' ELSE assigned END,
                        previous_assigned = CASE WHEN previous_assigned ->> 'seller' = $2::text THEN previous_assigned || '{"seller": null}' ELSE previous_assigned END
                  WHERE workspace_id = $1::bigint
                    AND (seller = $2::text OR previous_seller = $2::text OR assigned ->> 'seller' = $2::text OR previous_assigned ->> 'seller' = $2::text))
DELETE FROM seller WHERE workspace_id = $1::bigint AND id = $2::text
