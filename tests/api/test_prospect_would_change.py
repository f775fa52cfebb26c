# SPDX-License-Identifier: Apache-2.0
"""would_change of prospects' explanations: put there it alters verdict or list, as it says, and one step less alters nothing."""
from __future__ import annotations

from collections import Counter
from copy import copy
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any, Callable, Iterator

import pytest
from oracle import rules
from oracle.book import Book, Deal, Organisation
from oracle.criteria import fit
from oracle.exact import exact
from oracle.frozen import Review
from oracle.measures import Facts
from oracle.qualification import qualify
from oracle.random_book import random_shelf

from .client import path_of
from .routes import document
from .schema import Schemas
from .server import Workspace
from .shelf import load, some_criteria

TODAY = date(2026, 3, 1)
CENT = Decimal("0.01")
Value = Decimal | date
SCHEMAS = Schemas(document())


def criterion(id_: str, attribute: str, op: str, value: Any, weight: float = 1, required: bool = False) -> dict[str, Any]:
    return {"id": id_, "dimension": "market", "attribute": attribute, "op": op, "value": value, "weight": weight, "required": required}


# One book each: the policy, and what its prospects state. Where few measures count, those are named that others drown elsewhere.
POLICIES: dict[str, dict[str, Any]] = {
    "fit": {"floor_deal": 1000, "floor_annual": 20000, "fit_threshold": 50, "criteria": [
        criterion("staff", "employees", "between", [50, 500], 3), criterion("odd", "employees", "not_in", [70, 71], 0.5, True),
        criterion("turnover", "company_revenue", "gte", 1000000.5, 2), criterion("modest", "expected_annual", "lte", 60000),
        criterion("room", "annual_potential", "gte", 5000, 2)]},
    "size": {"floor_deal": 3000, "floor_annual": 20000, "criteria": [criterion("named", "name", "exists", None)]},
    "estimate": {"floor_annual": 2500, "criteria": [criterion("staff", "employees", "lte", 4000), criterion("named", "name", "exists", None, 3)]},
    "beside": {"fit_threshold": 50, "criteria": [
        criterion("margin", "margin_pct", "gte", -12.5), criterion("sites", "attributes.sites", "in", [3, 4, 7, 12]),
        criterion("growth", "attributes.growth", "gte", 0.125), criterion("tone", "attributes.tone", "eq", "warm"),
        criterion("since", "client_since", "not_in", ["2020-05-01"]),
        criterion("said", "annual_potential_on", "in", ["2026-02-14", "2026-02-20"])]},
}
STATED = {"fit": ("employees", "company_revenue", "annual_potential", "expected_annual", "revisit_on", "access"),
          "size": ("employees", "expected_annual", "revisit_on", "access"), "estimate": ("employees", "access"),
          "beside": ("margin_pct", "client_since", "annual_potential_on", "revisit_on", "access")}
STEP = {"employees": Decimal(1), "attributes.sites": Decimal(1), "attributes.growth": Decimal("0.001")}
MONEY = ("amount", "annual_potential", "company_revenue", "expected_annual")
DAYS = ("revisit_on", "client_since", "annual_potential_on")
NAMED = {"annual_potential", "annual_potential_on", "attributes.growth", "attributes.sites", "client_since", "company_revenue", "employees",
         "expected_annual", "largest_open_deal", "margin_pct", "open_deals", "revisit_on"}


class Prospect:
    """One prospect's facts, and how each measure alone is brought to another value."""

    def __init__(self, id_: str, name: str, rng: Random) -> None:
        self.id = id_
        self.record: dict[str, Any] = {"name": id_, "industry": "mining"}
        say = {"employees": lambda: rng.choice((rng.randrange(0, 700), rng.randrange(0, 6000), 70)),
               "company_revenue": lambda: rng.randrange(0, 200000000) * CENT, "margin_pct": lambda: rng.randrange(-4000, 4000) * CENT,
               "annual_potential": lambda: rng.randrange(1, 1000000) * CENT, "expected_annual": lambda: rng.randrange(0, 10000000) * CENT,
               "client_since": lambda: rng.choice(("2020-05-01", "2020-04-20")), "annual_potential_on": lambda: f"2026-02-{rng.randrange(10, 25)}",
               "revisit_on": lambda: (TODAY + timedelta(rng.randrange(-20, 40))).isoformat(), "access": lambda: rng.random() < 0.7}
        for field, value in say.items():
            if field in STATED[name] and rng.random() < 0.6:
                self.record[field] = value()
        self.record["attributes"] = {"sites": rng.randrange(1, 15), "growth": Decimal(rng.randrange(-300, 400)) / rng.choice((1, 1000)),
                                     "tone": rng.choice(("warm", "cold"))} if name == "beside" else {}
        count = 0 if name in ("estimate", "beside") else rng.choice((0, 0, 1, 2, 3))
        self.deals = {f"{id_} d{n}": rng.randrange(1, rng.choice((500000, 3000000))) * CENT for n in range(count)}

    def writes(self) -> list[tuple[str, str, dict[str, Any]]]:
        """What PUT says of it: kind, id, body."""
        return [("prospects", self.id, self.record)] + [self._deal(id_, amount) for id_, amount in self.deals.items()]

    def with_measure(self, measure: str, value: Value, now: Value) -> list[tuple[str, str, dict[str, Any]]]:
        """The writes that bring one measure to a value."""
        if measure == "largest_open_deal":
            return [self._deal(max(self.deals, key=self.deals.__getitem__, default=f"{self.id} d0"), value)]
        if measure == "open_deals":
            return self._others(value - now)
        if measure.startswith("attributes."):
            attributes = {**self.record["attributes"], measure.removeprefix("attributes."): value}
            return [("prospects", self.id, {**self.record, "attributes": attributes})]
        return [("prospects", self.id, {**self.record, measure: value.isoformat() if measure in DAYS else value})]

    def _others(self, more: Decimal) -> list[tuple[str, str, dict[str, Any]]]:
        """The sum of the open deals but the largest, by so much more or less; none becomes larger than it."""
        largest = max(self.deals, key=self.deals.__getitem__)
        others = {id_: amount for id_, amount in self.deals.items() if id_ != largest}
        wanted = sum(others.values()) + more
        changed = {}
        for id_ in [*others, *(f"{self.id} new{n}" for n in range(400))]:
            changed[id_] = min(wanted, self.deals[largest])
            wanted -= changed[id_]
            if wanted == 0 and set(others) <= set(changed):
                return [self._deal(*each) for each in changed.items()]
        raise AssertionError((self.id, more, "more deals than a test can put"))

    def _deal(self, id_: str, amount: Decimal) -> tuple[str, str, dict[str, Any]]:
        return "deals", id_, {"organisation": self.id, "stage": "open", "amount": amount}


def put(workspace: Workspace, writes: list[tuple[str, str, dict[str, Any]]]) -> None:
    for kind, id_, body in writes:
        workspace.client.store(kind, id_, {name: str(value) if name in MONEY else spelled(value) for name, value in body.items()})


def spelled(value: Any) -> Any:
    """Numbers as JSON has them."""
    if isinstance(value, dict):
        return {name: spelled(each) for name, each in value.items()}
    return (int(value) if value == int(value) else float(value)) if isinstance(value, Decimal) else value


def explain(workspace: Workspace, id_: str) -> dict[str, Any]:
    return workspace.client.expect(200, "GET", path_of("prospects", id_, "/explanation"))


def outcome(explained: dict[str, Any]) -> dict[str, Any]:
    shown = explained["qualification"]
    assert shown["verdict"] == explained["verdicts"][0]["verdict"]
    return {"verdict": shown["verdict"], "list": shown["list"]}


def value_of(measure: str, shown: Any) -> Value:
    return date.fromisoformat(shown) if measure in DAYS else Decimal(shown)


def one_less(measure: str, needs: Value, now: Value) -> Value:
    step = timedelta(1) if measure in DAYS else STEP.get(measure, CENT)
    return needs - step if needs > now else needs + step


def make(workspace: Workspace, name: str) -> list[Prospect]:
    """Clients of two industries, and prospects of every sort under a review; the key cut-off is 40,000."""
    rng = Random(f"prospects {name}")
    workspace.pin(TODAY.isoformat(), **POLICIES[name])
    clients = [{"id": f"a{n}", "name": f"a{n}", "industry": "mining", "employees": 5 if n < 10 else 300} for n in range(20)]
    workspace.client.import_all("accounts", clients)
    workspace.client.import_all("revenue", [{"id": f"r{n}", "organisation": f"a{n}", "amount": 1000 if n < 10 else n * 2600, "on": "2026-02-01"}
                                            for n in range(20)])
    prospects = [Prospect(f"p{n}", name, rng) for n in range(60)]
    for each in prospects:
        put(workspace, each.writes())
    workspace.review()
    return prospects


def check_book(workspace: Workspace, name: str) -> Counter[str]:
    """How often each measure was named and put there."""
    named: Counter[str] = Counter()
    for each in make(workspace, name):
        before = explain(workspace, each.id)
        change = before["would_change"]
        assert not list(SCHEMAS.errors({"$ref": "#/components/schemas/ProspectExplanation"}, before)), before
        if change is None:
            continue
        measure = change["measure"]
        now, needs = value_of(measure, change["from"]), value_of(measure, change["needs"])
        less = one_less(measure, needs, now)
        assert now != needs and change["becomes"] != outcome(before), (each.id, change)
        if less != now:
            put(workspace, each.with_measure(measure, less, now))
            assert outcome(explain(workspace, each.id)) == outcome(before), (each.id, change, "one step less alters")
        put(workspace, each.with_measure(measure, needs, now))
        assert outcome(explain(workspace, each.id)) == change["becomes"], (each.id, change, "it does not become that")
        named[measure] += 1
    return named


def test_put_there_it_alters_and_one_step_less_does_not(new_workspace: Callable[..., Workspace]) -> None:
    named = sum((check_book(new_workspace(), name) for name in POLICIES), Counter())
    assert set(named) == NAMED and sum(named.values()) > 120, (named, "every measure is to be named and put there")


def test_the_largest_deal_falls_to_the_second_and_no_further(workspace: Workspace) -> None:
    workspace.pin(TODAY.isoformat(), floor_deal=30)
    workspace.review()
    put(workspace, [("prospects", "p", {"name": "P"}), ("deals", "d", {"organisation": "p", "amount": 50})])
    assert explain(workspace, "p")["would_change"] == {"measure": "largest_open_deal", "from": 50, "needs": Decimal("29.99"),
                                                       "becomes": {"verdict": "throw_back", "list": "none"}}
    # It is open yet: what is closed later than the book's day.
    put(workspace, [("deals", "e", {"organisation": "p", "amount": 40, "stage": "lost", "closed_on": "2026-03-02"})])
    assert explain(workspace, "p")["would_change"] is None
    put(workspace, [("deals", "e", {"organisation": "p", "amount": 29, "opened_on": "2026-03-01"})])
    assert explain(workspace, "p")["would_change"]["needs"] == Decimal("29.99")
    put(workspace, [("deals", "e", {"organisation": "p", "amount": 40, "opened_on": "2026-03-02"})])
    assert explain(workspace, "p")["would_change"]["needs"] == Decimal("29.99")


def test_nothing_would_change_before_a_review_and_nothing_is_said_of_the_past(workspace: Workspace) -> None:
    workspace.pin(TODAY.isoformat(), floor_annual=100, criteria=[criterion("named", "name", "exists", None)])
    put(workspace, [("prospects", "p", {"name": "P", "expected_annual": 50, "attributes": {}})])
    assert explain(workspace, "p")["would_change"] is None
    workspace.review()
    assert explain(workspace, "p")["would_change"] == {"measure": "expected_annual", "from": 50, "needs": 100,
                                                       "becomes": {"verdict": "now", "list": "none"}}
    past = workspace.client.expect(200, "GET", path_of("prospects", "p", "/explanation"), query={"at": "2099-01-01T00:00:00Z"})
    assert past["qualification"]["verdict"] == "throw_back" and "would_change" not in past


def test_a_value_between_two_steps_is_told_as_it_is(workspace: Workspace) -> None:
    workspace.pin(TODAY.isoformat(), criteria=[criterion("growth", "attributes.growth", "lte", 0.2)])
    workspace.review()
    put(workspace, [("prospects", "p", {"name": "P", "attributes": {"growth": Decimal("0.2000001234")}})])
    assert explain(workspace, "p")["would_change"] == {"measure": "attributes.growth", "from": Decimal("0.2000001234"), "needs": Decimal("0.2"),
                                                       "becomes": {"verdict": "now", "list": "none"}}
    put(workspace, [("prospects", "p", {"name": "P", "attributes": {"growth": Decimal("0.200001")}})])
    assert outcome(explain(workspace, "p")) == {"verdict": "not_ours", "list": "none"}
    put(workspace, [("prospects", "p", {"name": "P", "attributes": {"growth": Decimal("0.2")}})])
    assert outcome(explain(workspace, "p")) == {"verdict": "now", "list": "none"}


# --- against the oracle: what was found, and that nothing nearer was missed ---


class Judged:
    """One prospect as the oracle judges it, with a measure at another value. Money in minor units, days as ordinals."""

    FIELDS = ("annual_potential", "annual_potential_on", "client_since", "company_revenue", "employees", "expected_annual", "margin_pct", "revisit_on")

    def __init__(self, organisation: Organisation, review: Review, facts: Facts) -> None:
        self.organisation, self.review, self.facts = organisation, review, facts
        self.deals = sorted((deal.amount for deal in facts.deals_of[organisation.id] if facts.stage(deal) == "open" and (deal.amount or 0) > 0),
                            reverse=True)

    def outcome(self, measure: str | None = None, value: Fraction | int = 0) -> dict[str, Any]:
        organisation, deals = self.organisation, list(self.deals)
        if measure == "largest_open_deal":
            deals[:1] = [value] if value else []
        elif measure == "open_deals":
            rest, largest = divmod(int(value) - deals[0], deals[0]), deals[0]
            deals = [largest] + [largest] * rest[0] + [rest[1]] * (rest[1] > 0)
        elif measure in self.FIELDS:
            organisation = replace(organisation, **{measure: date.fromordinal(int(value)) if measure in DAYS else value})
        elif measure is not None:
            organisation = replace(organisation, attributes={**organisation.attributes, measure.removeprefix("attributes."): value})
        facts = copy(self.facts)
        facts.deals_of = {organisation.id: [Deal(str(number), organisation.id, amount=amount) for number, amount in enumerate(deals)]}
        found = qualify(organisation, fit(organisation, facts), self.review, facts)
        return {"verdict": found.verdict, "list": found.list}

    def measures(self) -> Iterator[tuple[str, Fraction, int, Fraction]]:
        """name, present value, least, step of all that it states."""
        for name in self.FIELDS:
            value = getattr(self.organisation, name)
            if value is not None:
                signed = name in DAYS or name == "margin_pct"
                yield (name, Fraction(value.toordinal() if name in DAYS else value), 1 if name in DAYS else -100 if signed else 0,
                       Fraction(1, 100) if name == "margin_pct" else Fraction(1))
        if "staff" in self.organisation.attributes:
            yield "attributes.staff", Fraction(exact(self.organisation.attributes["staff"])), -1000, Fraction(1, 10)
        yield "largest_open_deal", Fraction(self.deals[0] if self.deals else 0), self.deals[1] if len(self.deals) > 1 else 0, Fraction(1)
        if self.deals:
            yield "open_deals", Fraction(sum(self.deals)), self.deals[0], Fraction(1)

    def zero(self, measure: str) -> int:
        return self.facts.today.toordinal() if measure in DAYS else 0


def check_found(judged: Judged, change: dict[str, Any], minor: int) -> Fraction | None:
    """What was found alters, as it says, and one step less does not. @return its proportion; None: infinite"""
    measure = change["measure"]
    now, least, step = next(each[1:] for each in judged.measures() if each[0] == measure)
    is_money = measure in MONEY or measure in ("largest_open_deal", "open_deals")
    shown = [date.fromisoformat(change[name]).toordinal() if measure in DAYS else Fraction(exact(change[name])) * (minor if is_money else 1)
             for name in ("from", "needs")]
    assert shown[0] == now and shown[1] >= least, change
    assert judged.outcome(measure, shown[1]) == change["becomes"] != judged.outcome(), change
    less = shown[1] - step if shown[1] > now else shown[1] + step
    assert judged.outcome(measure, less) == judged.outcome(), (change, "one step less alters")
    over = abs(now - judged.zero(measure))
    return abs(shown[1] - now) / over if over else None


def check_missed(judged: Judged, nearer_than: Fraction | None, rng: Random) -> None:
    """Values that lie nearer, drawn by lot, alter nothing."""
    for measure, now, least, step in judged.measures():
        over = abs(now - judged.zero(measure))
        reach = over * nearer_than if nearer_than is not None else over * 3
        for share in [0, *(Fraction(rng.randrange(1000), 1000) for _ in range(12))]:
            for sign in (1, -1):
                value = now + sign * max(step, reach * share // step * step)
                if least <= value and abs(value - now) < reach and not (measure == "open_deals" and value > 300 * judged.deals[0]):
                    assert judged.outcome(measure, value) == judged.outcome(), (measure, float(now), float(value), "is nearer")


@pytest.mark.parametrize("seed", [171, 172, 173, 176])
def test_what_is_found_alters_by_the_oracle_and_nothing_nearer_does(new_workspace: Callable[..., Workspace], seed: int) -> None:
    shelf = random_shelf(seed, 150)
    shelf["policy"]["criteria"] = [{**each, "required": seed % 2 == 0 and each["required"]} for each in some_criteria(seed)]
    shelf["policy"].update({"floor_deal": 5000 * (seed % 3), "fit_threshold": (30, 60)[seed % 2]})
    workspace = new_workspace()
    load(workspace, shelf)
    workspace.review()
    book = Book.load(shelf)
    review, facts, rng, found = rules.review(book), Facts(book), Random(seed), 0
    for organisation in facts.organisations.values():
        if organisation.kind != "prospect":
            continue
        change = explain(workspace, organisation.id)["would_change"]
        judged = Judged(organisation, review, facts)
        check_missed(judged, check_found(judged, change, 10 ** facts.book.minor_digits) if change else None, rng)
        found += change is not None
    assert found > 10, found
