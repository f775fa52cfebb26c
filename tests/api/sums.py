# SPDX-License-Identifier: Apache-2.0
"""The daily sums built again from the raw facts in SQL of our own, and compared with what the service keeps."""
from __future__ import annotations

from .server import Workspace

# Facts of hidden organisations may or may not be kept summed: they show nowhere. A hidden fact is in no sum.
VISIBLE = "EXISTS (SELECT FROM organisation AS o WHERE o.workspace_id = f.workspace_id AND o.id = f.{column} AND NOT o.deleted)"

REVENUE = """
WITH facts AS (
	SELECT f.organisation, 'revenue' AS source, f.day, coalesce(f.line_key, '') AS line_key, '' AS seller,
	       coalesce(f.amount, 0) AS amount,
	       coalesce(f.margin, round(coalesce(f.amount, 0)::numeric * s.margin_pct / 10000)) AS margin, f.amount > 0 AS is_positive
	  FROM revenue AS f JOIN standing_in_force AS s ON s.workspace_id = f.workspace_id AND s.organisation = f.organisation
	 WHERE f.workspace_id = %(workspace)s AND NOT f.deleted AND NOT f.stub AND {visible}
	UNION ALL
	SELECT f.organisation, 'deals', f.closed_on, coalesce(f.line_key, ''), coalesce(f.seller, ''), coalesce(f.amount, 0),
	       round(coalesce(f.amount, 0)::numeric * s.margin_pct / 10000), f.amount > 0
	  FROM deal AS f JOIN standing_in_force AS s ON s.workspace_id = f.workspace_id AND s.organisation = f.organisation
	 WHERE f.workspace_id = %(workspace)s AND NOT f.deleted AND f.stage = 'won' AND f.closed_on IS NOT NULL AND {visible}
), expected AS (
	SELECT organisation, source, day, line_key, seller, sum(amount)::bigint AS amount, sum(margin)::bigint AS margin,
	       count(*)::integer AS entries, (count(*) FILTER (WHERE is_positive))::integer AS positive
	  FROM facts GROUP BY 1, 2, 3, 4, 5
), kept AS (
	SELECT organisation, source, day, line_key, seller, amount, margin, entries, positive
	  FROM revenue_day AS f WHERE workspace_id = %(workspace)s AND {visible}
)
(SELECT 'missing', * FROM (TABLE expected EXCEPT TABLE kept) AS a) UNION ALL (SELECT 'extra', * FROM (TABLE kept EXCEPT TABLE expected) AS b)
 ORDER BY 2, 3, 4, 5, 6, 1
""".format(visible=VISIBLE.format(column="organisation"))

ACTIVITY = """
WITH f (organisation, day, workspace_id, direction, kind, minutes) AS (
	SELECT coalesce(a.organisation, c.organisation), (a.at AT TIME ZONE 'UTC')::date, a.workspace_id, a.direction, a.kind, a.minutes
	  FROM activity AS a LEFT JOIN contact AS c ON c.workspace_id = a.workspace_id AND c.id = a.contact
	 WHERE a.workspace_id = %(workspace)s AND NOT a.deleted
), expected AS (
	SELECT organisation, day, count(*)::integer AS activities, coalesce(sum(minutes), 0)::bigint AS minutes,
	       (count(*) FILTER (WHERE direction = 'inbound' AND kind <> 'service'))::integer AS inbound,
	       (count(*) FILTER (WHERE direction IS NOT NULL AND kind <> 'service'))::integer AS directed
	  FROM f WHERE {visible} GROUP BY 1, 2
), kept AS (
	SELECT organisation, day, activities, minutes, inbound, directed FROM activity_day AS f WHERE workspace_id = %(workspace)s AND {visible}
)
(SELECT 'missing', * FROM (TABLE expected EXCEPT TABLE kept) AS a) UNION ALL (SELECT 'extra', * FROM (TABLE kept EXCEPT TABLE expected) AS b)
 ORDER BY 2, 3, 1
""".format(visible=VISIBLE.format(column="organisation"))

PAIRS = """
WITH f AS (
	SELECT a.workspace_id, coalesce(a.organisation, c.organisation) AS organisation, coalesce(a.seller, '') AS seller, a.contact,
	       (a.at AT TIME ZONE 'UTC')::date AS day
	  FROM activity AS a JOIN contact AS c ON c.workspace_id = a.workspace_id AND c.id = a.contact
	 WHERE a.workspace_id = %(workspace)s AND NOT a.deleted
), expected AS (
	SELECT organisation, seller, contact, count(*)::bigint AS activities, max(day) AS last_day FROM f WHERE {visible} GROUP BY 1, 2, 3
), kept AS (
	SELECT organisation, seller, contact, activities, last_day FROM touch_pair AS f WHERE workspace_id = %(workspace)s AND {visible}
)
(SELECT 'missing', * FROM (TABLE expected EXCEPT TABLE kept) AS a) UNION ALL (SELECT 'extra', * FROM (TABLE kept EXCEPT TABLE expected) AS b)
 ORDER BY 2, 3, 4, 1
""".format(visible=VISIBLE.format(column="organisation"))

# Text that compares is kept folded; what day and organisation an activity counts under is kept beside it.
KEPT_BESIDE = """
SELECT a.id FROM activity AS a LEFT JOIN contact AS c ON c.workspace_id = a.workspace_id AND c.id = a.contact
 WHERE a.workspace_id = %(workspace)s AND NOT a.deleted
   AND (a.of_organisation IS DISTINCT FROM coalesce(a.organisation, c.organisation) OR a.day IS DISTINCT FROM (a.at AT TIME ZONE 'UTC')::date)
"""


def differences(workspace: Workspace) -> list[str]:
    """What the sums and the facts do not agree on; empty when all is well."""
    found = []
    connection = workspace.database.connect()
    try:
        with connection.cursor() as cursor:
            for name, sql in (("revenue_day", REVENUE), ("activity_day", ACTIVITY), ("touch_pair", PAIRS), ("activity", KEPT_BESIDE)):
                cursor.execute(sql, {"workspace": workspace.id})
                found += [f"{name}: {row}" for row in cursor.fetchall()]
    finally:
        connection.close()
    return found


def verify(workspace: Workspace) -> None:
    found = differences(workspace)
    assert not found, f"{len(found)} sums differ from the facts\n" + "\n".join(map(str, found[:30]))
