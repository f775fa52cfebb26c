-- $1 workspace, $2 accounts or prospects; each null or to be equal: $3 tier, $4 list, $5 seller in force, $6 status, $7 industry (folded), $8 region (folded);
-- $9 null, or prefix of the folded name; $10 null or verdict; $11 null, or prospects to be revisited before that day; $12 null, or whether they could become key;
-- $13 null, or what somebody has made of prospects by hand: any, target, lead, taken_off. How many organisations a list holds. Rows: one. standing as a whole.
SELECT count(*)
  FROM standing_in_force AS v
 WHERE v.workspace_id = $1::bigint AND v.is_account = $2::boolean
   AND ($3::text IS NULL OR v.tier = $3::text) AND ($4::text IS NULL OR v.list = $4::text) AND ($5::text IS NULL OR v.seller = $5::text)
   AND ($10::text IS NULL OR v.verdict = $10::text) AND ($12::boolean IS NULL OR v.could_become_key = $12::boolean)
   AND ($13::text IS NULL
        OR EXISTS (SELECT FROM assignment AS a
                    WHERE a.workspace_id = $1::bigint AND a.organisation = v.organisation
                      AND CASE $13::text WHEN 'any' THEN true WHEN 'taken_off' THEN NOT a.is_on ELSE a.is_on AND a.list = $13::text END))
   AND (($6::text IS NULL AND $7::text IS NULL AND $8::text IS NULL AND $9::text IS NULL AND $11::date IS NULL)
        OR EXISTS (SELECT FROM organisation AS o
                    WHERE o.workspace_id = $1::bigint AND o.id = v.organisation
                      AND ($6::text IS NULL OR o.status = $6::text) AND ($7::text IS NULL OR o.industry_key = $7::text)
                      AND ($8::text IS NULL OR o.region_key = $8::text)
                      AND ($9::text IS NULL OR starts_with(o.name_key, $9::text))
                      AND ($11::date IS NULL OR o.revisit_on < $11::date)))
