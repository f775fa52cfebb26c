# SPDX-License-Identifier: Apache-2.0
"""How every organisation of a book stands, and who came from where to where between two such looks."""
from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from .server import Workspace

Stand = dict[str, dict[str, Any]]


def stand(workspace: Workspace) -> Stand:
    """Every organisation as readers see it."""
    rows = workspace.sql("SELECT organisation, is_account, tier, list, seller, revenue_12m, minutes_12m, verdict FROM standing_in_force"
                         " WHERE workspace_id = %s")
    return {row[0]: dict(zip(("is_account", "tier", "list", "seller", "revenue", "minutes", "verdict"), row[1:])) for row in rows}


def worth(organisations: list[dict[str, Any]]) -> dict[str, Any]:
    hours = Decimal(sum(each["minutes"] for each in organisations)) / 60
    return {"count": len(organisations), "revenue_12m": Decimal(sum(each["revenue"] for each in organisations)) / 100,
            "hours_12m": hours.quantize(Decimal("0.01"), "ROUND_HALF_UP")}


def plain(cells: list[dict[str, Any]]) -> dict[Any, Any]:
    """Cells by (from, to), numbers as Decimals."""
    shown = {(cell["from"], cell["to"]): {name: cell[name] if name == "count" else Decimal(cell[name])
                                          for name in ("count", "revenue_12m", "hours_12m")} for cell in cells}
    assert len(shown) == len(cells)
    return shown


def crossings(before: Stand, after: Stand, what: str) -> dict[Any, Any]:
    """From × to, worth what they are worth after."""
    cells: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for id_, now in after.items():
        if what == "list" or now["is_account"]:
            cells[before[id_][what], now[what]].append(now)
    return {cell: worth(members) for cell, members in cells.items()}


def movers(before: Stand, after: Stand) -> dict[Any, Any]:
    by_seller: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for id_, now in after.items():
        was = before[id_]
        listed = was["list"] != now["list"] and (was["list"], now["list"]) != (None, "none")
        if listed or was["tier"] != now["tier"]:
            by_seller[now["seller"]].append({**now, "listed": listed, "tiered": was["tier"] != now["tier"]})
    return {seller: {**worth(moved), "tiers": sum(each["tiered"] for each in moved), "lists": sum(each["listed"] for each in moved)}
            for seller, moved in by_seller.items()}


def verdicts(before: Stand, after: Stand) -> Counter:
    """Of those that are prospects now, or were judged as some before."""
    return Counter((before[id_]["verdict"], now["verdict"]) for id_, now in after.items() if not now["is_account"] or before[id_]["verdict"])
