-- $1 workspace, $2 id. An organisation leaves every table, with its people, facts, sums, history and decisions. Rows: none.
-- Primary keys; contact_by_organisation, deal_by_closed, activity_by_day, activity_by_contact, revenue_by_organisation, decision_by_organisation, review_contender_by_organisation.
WITH people AS (DELETE FROM contact WHERE workspace_id = $1::bigint AND organisation = $2::text RETURNING id),
     touches AS (DELETE FROM activity WHERE workspace_id = $1::bigint AND of_organisation = $2::text),
     elsewhere AS (UPDATE activity SET contact = NULL, organisation = of_organisation
                    WHERE workspace_id = $1::bigint AND contact IN (SELECT id FROM people) AND of_organisation IS DISTINCT FROM $2::text),
     pairs AS (DELETE FROM touch_pair
                WHERE workspace_id = $1::bigint AND (organisation = $2::text OR contact IN (SELECT id FROM people))),
     deals AS (DELETE FROM deal WHERE workspace_id = $1::bigint AND organisation = $2::text),
     entries AS (DELETE FROM revenue WHERE workspace_id = $1::bigint AND organisation = $2::text),
     earned AS (DELETE FROM revenue_day WHERE workspace_id = $1::bigint AND organisation = $2::text),
     touched_days AS (DELETE FROM activity_day WHERE workspace_id = $1::bigint AND organisation = $2::text),
     stood AS (DELETE FROM standing WHERE workspace_id = $1::bigint AND organisation = $2::text),
     history AS (DELETE FROM change WHERE workspace_id = $1::bigint AND organisation = $2::text),
     decided AS (DELETE FROM decision WHERE workspace_id = $1::bigint AND organisation = $2::text),
     overridden AS (DELETE FROM override WHERE workspace_id = $1::bigint AND organisation = $2::text),
     sides AS (DELETE FROM hidden_side WHERE workspace_id = $1::bigint AND organisation = $2::text),
     contended AS (DELETE FROM review_contender WHERE workspace_id = $1::bigint AND organisation = $2::text),
     assigned AS (DELETE FROM assignment WHERE workspace_id = $1::bigint AND organisation = $2::text),
     marked AS (DELETE FROM touched WHERE workspace_id = $1::bigint AND organisation = $2::text)
DELETE FROM organisation WHERE workspace_id = $1::bigint AND id = $2::text
