# SPDX-License-Identifier: Apache-2.0
"""would_change of explanations: brought about by facts it alters the account's standing, and one step less does not."""
from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Callable, Iterator

from .client import path_of
from .server import Workspace

TODAY = date(2026, 3, 1)
CENT = Decimal("0.01")
# Days of a book, by age. Everything that is not about days happens on TOUCH and ORDER; CREDIT days net below 0 and are no orders.
TOUCH, ORDER, CREDIT = 5, {True: 10, False: 190}, {True: 20, False: 200}
HALF = 182

ENGAGEMENT = {"reach": 0, "initiative": 0, "rhythm": 0, "orders": 0, "breadth": 0}
POTENTIAL = {"headroom": 0, "white_space": 0, "momentum": 0, "fit": 0}
# One book each: which parts count. A measure that others drown is named where it counts alone.
BOOKS: dict[str, tuple[dict[str, int], dict[str, int]]] = {
    "all": ({"reach": 35, "initiative": 15, "rhythm": 20, "orders": 20, "breadth": 10}, {"headroom": 50, "white_space": 15, "momentum": 15}),
    "touches": ({"reach": 20, "rhythm": 80}, {"headroom": 1}), "orders": ({"orders": 90, "breadth": 10}, {"white_space": 50}),
    "inbound": ({"initiative": 1}, {"headroom": 1}), "half years": ({"reach": 35, "orders": 5}, {"headroom": 20, "momentum": 50})}


def on(age: int) -> str:
    return (TODAY - timedelta(days=age)).isoformat()


def touch(id_: str, of: str, age: int = TOUCH, **more: Any) -> dict[str, Any]:
    """A touch of the kind that moves nothing but days, unless it says more."""
    return {"id": id_, "organisation": of, "kind": "service", "at": on(age) + "T10:00:00Z", **more}


def entry(id_: str, of: str, age: int, amount: Decimal, **more: Any) -> dict[str, Any]:
    return {"id": id_, "organisation": of, "amount": str(amount), "margin": 0, "on": on(age), **more}


def decay(half_life: int, ages: Any) -> int:
    """A decay sum as the service keeps it (domain: W_h[a] = floor(2^32 × 0.5^(a/h) + 0.5))."""
    return sum(int((Decimal(2) ** 32) * Decimal("0.5") ** (Decimal(age) / half_life) + Decimal("0.5")) for age in ages)


class Facts:
    """One account's facts, and how each measure alone is brought to another value."""

    def __init__(self, id_: str, rng: Random, is_old: bool) -> None:
        self.id = id_
        self.record: dict[str, Any] = {"id": id_, "name": id_}
        if rng.random() < 0.4:
            self.record["annual_potential"] = rng.randrange(100, 40000)
        self.directed = {f"{id_} d{n}": rng.choice(("inbound", "outbound", "outbound")) for n in range(rng.randrange(0, 14))}
        self.pairs = [f"{id_} p{n}" for n in range(rng.randrange(0, 6))]
        self.minutes = rng.choice((0, rng.randrange(1, 4000)))
        self.touch_ages = sorted(rng.sample(range(TOUCH + 1, 360), rng.randrange(0, 25)))
        self.lines = rng.sample("uvwxyz", rng.randrange(0, 6))
        reserved = {*ORDER.values(), *CREDIT.values()}
        self.orders = {age: Decimal(rng.randrange(100, 300000)) / 100 for age in rng.sample(sorted(set(range(1, 364)) - reserved), rng.randrange(0, 12))}
        self.base = {True: Decimal(rng.randrange(1000, 500000)) / 100, False: Decimal(rng.randrange(1000, 200000)) / 100}
        self.credit = {True: -CENT, False: -CENT}
        if rng.random() < 0.15:
            for late in (True, False):
                self.credit[late] = -self._earned(late)
        self.before = {age: Decimal(rng.randrange(100, 500000)) / 100 for age in rng.sample(range(366, 720), rng.randrange(0, 3))} if is_old else {}

    def _earned(self, late: bool) -> Decimal:
        return self.base[late] + (len(self.lines) if late else 0) + sum(amount for age, amount in self.orders.items() if (age < HALF) == late)

    # --- as rows ---

    def activities(self) -> list[dict[str, Any]]:
        return ([touch(f"{self.id} t", self.id), touch(f"{self.id} m", self.id, minutes=self.minutes)]
                + [touch(id_, self.id, kind="call", direction=direction) for id_, direction in self.directed.items()]
                + [touch(id_, self.id, contact=f"{id_} contact") for id_ in self.pairs]
                + [touch(f"{self.id} t{age}", self.id, age) for age in self.touch_ages])

    def revenue(self) -> list[dict[str, Any]]:
        return ([entry(f"{self.id} b{late}", self.id, ORDER[late], self.base[late]) for late in (True, False)]
                + [entry(f"{self.id} c{late}", self.id, CREDIT[late], self.credit[late]) for late in (True, False)]
                + [entry(f"{self.id} l{line}", self.id, ORDER[True], Decimal(1), line=line) for line in self.lines]
                + [entry(f"{self.id} o{age}", self.id, age, amount) for age, amount in {**self.orders, **self.before}.items()])

    # --- one measure to another value: rows by kind, or None where facts cannot do it ---

    def annual_potential(self, value: Decimal, _: Decimal, __: int) -> dict[str, list[dict[str, Any]]]:
        return {"accounts": [{"id": self.id, "annual_potential": str(value)}]}

    def revenue_12m(self, value: Decimal, now: Decimal, _: int) -> dict[str, list[dict[str, Any]]]:
        if value > now:
            return {"revenue": [{"id": f"{self.id} bTrue", "amount": str(self.base[True] + value - now)}]}
        return {"revenue": [{"id": f"{self.id} cTrue", "amount": str(self.credit[True] + value - now)}]}

    def hours_12m(self, value: Decimal, _: Decimal, __: int) -> dict[str, list[dict[str, Any]]]:
        return {"activities": [{"id": f"{self.id} m", "minutes": round(value * 60)}]}

    def touches(self, value: Decimal, now: Decimal, _: int) -> dict[str, list[dict[str, Any]]]:
        more = int(value - now)
        outbound = [id_ for id_, direction in self.directed.items() if direction == "outbound"]
        return {"activities": [touch(f"{self.id} new{n}", self.id, kind="call", direction="outbound") for n in range(more)]
                + [{"id": id_, "direction": None} for id_ in outbound[:max(0, -more)]]}

    def inbound(self, value: Decimal, now: Decimal, _: int) -> dict[str, list[dict[str, Any]]]:
        more = int(value - now)
        turned = [id_ for id_, direction in self.directed.items() if direction == ("outbound" if more > 0 else "inbound")]
        return {"activities": [{"id": id_, "direction": "inbound" if more > 0 else "outbound"} for id_ in turned[:abs(more)]]}

    def reach(self, value: Decimal, now: Decimal, _: int) -> dict[str, list[dict[str, Any]]]:
        more = int(value - now)
        return {"activities": [touch(f"{self.id} new{n}", self.id, contact=f"{self.id} new{n}") for n in range(more)]
                + [{"id": id_, "contact": None} for id_ in self.pairs[:max(0, -more)]]}

    def lines_12m(self, value: Decimal, now: Decimal, _: int) -> dict[str, list[dict[str, Any]]]:
        more = int(value - now)
        new = [line for line in "uvwxyz" if line not in self.lines][:max(0, more)]
        return {"revenue": [entry(f"{self.id} l{line}", self.id, ORDER[True], Decimal(1), line=line) for line in new]
                + [{"id": f"{self.id} bTrue", "amount": str(self.base[True] - len(new))}]
                + [{"id": f"{self.id} l{line}", "line": None} for line in self.lines[:max(0, -more)]]}

    def rhythm(self, value: Decimal, now: Decimal, way: int) -> dict[str, list[dict[str, Any]]] | None:
        days = days_to(90, {TOUCH, *self.touch_ages}, {TOUCH}, value, value > now, way)
        if days is None:
            return None
        return {"activities": [touch(f"{self.id} t{age}", self.id, age if age in days else 400) for age in days ^ {TOUCH, *self.touch_ages}]}

    def orders_12m(self, value: Decimal, now: Decimal, way: int) -> dict[str, list[dict[str, Any]]] | None:
        kept = {*ORDER.values(), *CREDIT.values()}
        days = days_to(180, {*ORDER.values(), *self.orders}, kept, value, value > now, way)
        if days is None:
            return None
        base, rows = dict(self.base), []
        for age in days ^ {*ORDER.values(), *self.orders}:
            amount = CENT if age in days else -self.orders[age]
            base[age < HALF] -= amount
            rows.append(entry(f"{self.id} o{age}", self.id, age, CENT if age in days else Decimal(0)))
        return {"revenue": rows + [{"id": f"{self.id} b{late}", "amount": str(base[late])} for late in (True, False)]}


def days_to(half_life: int, present: set[int], kept: set[int], value: Decimal, rises: bool, way: int) -> set[int] | None:
    """Days whose decay sum is at least (way 1) or at most (way -1) the value's, as near as taking days one by one comes."""
    goal = int((value * 2 ** 32).to_integral_value())
    days = set(present)
    for age in sorted((set(range(364)) - kept) - present if rises else present - kept, reverse=not rises):
        changed = days | {age} if rises else days - {age}
        if rises == (way > 0):
            if decay(half_life, days) * way >= goal * way:
                break
            days = changed
        elif decay(half_life, changed) * way >= goal * way:
            days = changed
    return days if decay(half_life, days) * way >= goal * way else None


APPLY: dict[str, Callable[..., Any]] = {
    "annual_potential": Facts.annual_potential, "directed": Facts.touches, "hours_12m": Facts.hours_12m, "inbound": Facts.inbound,
    "lines_12m": Facts.lines_12m, "orders": Facts.orders_12m, "reach": Facts.reach, "revenue_12m": Facts.revenue_12m, "rhythm": Facts.rhythm}
STEP = {"annual_potential": CENT, "revenue_12m": CENT, "orders": CENT, "rhythm": CENT}


def make(workspace: Workspace, name: str) -> list[Facts]:
    """The same book each time: accounts of every sort under a review."""
    rng = Random(f"would change {name}")
    facts = [Facts(f"a{n:02d}", rng, name != "half years") for n in range(60)]
    engagement, potential = BOOKS[name]
    workspace.pin(TODAY.isoformat(), lines=list("uvwxyz"), engagement={**ENGAGEMENT, **engagement}, potential={**POTENTIAL, **potential},
                  let_go={"tiers": ["service", "maintenance"] if name == "all" else ["service"], "min_tenure_days": 0})
    workspace.client.import_all("accounts", [each.record for each in facts])
    workspace.client.import_all("activities", [row for each in facts for row in each.activities()])
    workspace.client.import_all("revenue", [row for each in facts for row in each.revenue()])
    if name != "half years":
        workspace.client.store("revenue", "first", {"organisation": "elsewhere", "amount": 1, "margin": 0, "on": on(1000)})
    workspace.review()
    return facts


def explain(workspace: Workspace, id_: str) -> dict[str, Any]:
    return workspace.client.expect(200, "GET", path_of("accounts", id_, "/explanation"))


def outcome(explained: dict[str, Any]) -> dict[str, Any]:
    shown = explained["classification"]
    return {"tier": shown["tier"], "list": shown["list"], "let_go_candidate": explained["let_go"]["candidate"]}


def bring(workspace: Workspace, rows: list[dict[str, list[dict[str, Any]]]]) -> None:
    for kind in ("accounts", "activities", "revenue"):
        wanted = [row for each in rows for row in each.get(kind, [])]
        if wanted:
            workspace.client.import_all(kind, wanted)


def check_book(new_workspace: Callable[..., Workspace], name: str) -> Iterator[str]:
    """The measures that were named and brought about."""
    enough, less = new_workspace(), new_workspace()
    facts = make(enough, name)
    make(less, name)
    before = {each.id: explain(enough, each.id) for each in facts}
    to_enough, to_less, altered, unaltered = [], [], [], []
    for each in facts:
        change = before[each.id]["would_change"]
        if change is None:
            continue
        measure, now, needs = change["measure"], Decimal(change["from"]), Decimal(change["needs"])
        sign = 1 if needs > now else -1
        one_less = needs - sign * STEP.get(measure, Decimal(1))
        if measure == "hours_12m":
            one_less = Decimal(round(needs * 60) - sign) / 60
        rows = APPLY[measure](each, needs, now, sign)
        if rows is not None:
            to_enough.append(rows)
            altered.append(each.id)
        rows = APPLY[measure](each, one_less, now, -sign) if (one_less - now) * sign > 0 else None
        if rows is not None:
            to_less.append(rows)
            unaltered.append(each.id)
    bring(enough, to_enough)
    bring(less, to_less)
    for id_ in altered:
        change = before[id_]["would_change"]
        after = outcome(explain(enough, id_))
        assert after != outcome(before[id_]), (id_, change, "alters nothing")
        if change["measure"] not in ("orders", "rhythm"):
            assert after == change["becomes"], (id_, change)
        yield change["measure"]
    for id_ in unaltered:
        assert outcome(explain(less, id_)) == outcome(before[id_]), (id_, before[id_]["would_change"], "one step less alters")
    assert len(altered) > 30 and len(unaltered) > 20, (len(altered), len(unaltered), "too few to tell")


def test_brought_about_it_alters_and_one_step_less_does_not(new_workspace: Callable[..., Workspace]) -> None:
    named = Counter(measure for name in BOOKS for measure in check_book(new_workspace, name))
    assert set(named) == set(APPLY), (named, "every measure is to be named and brought about")
