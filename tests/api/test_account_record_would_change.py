# SPDX-License-Identifier: Apache-2.0
"""would_change of an account's own record: put there it alters tier, list or letting go, as it says, and one step less alters nothing."""
from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any, Callable, Iterator

import pytest
from oracle import rules
from oracle.book import Book, Organisation
from oracle.exact import exact
from oracle.frozen import Review
from oracle.letting_go import _is_candidate
from oracle.measures import Facts
from oracle.random_book import random_shelf

from .client import path_of
from .routes import document
from .schema import Schemas
from .server import Workspace
from .shelf import load, some_criteria
from .test_prospect_would_change import CENT, TODAY, criterion, one_less, put, value_of

SCHEMAS = Schemas(document())
DAYS = ("client_since", "annual_potential_on", "revisit_on")
MONEY = ("annual_potential", "company_revenue", "expected_annual")
FIELDS = ("annual_potential", "annual_potential_on", "client_since", "company_revenue", "employees", "expected_annual", "margin_pct", "revisit_on")
FIT = {"headroom": 30, "white_space": 0, "momentum": 0, "fit": 70}
ROOM = {"headroom": 100, "white_space": 0, "momentum": 0, "fit": 0}

# One book each: the policy, and what its accounts state. Where few measures count, those are named that others drown elsewhere.
POLICIES: dict[str, dict[str, Any]] = {
    "fit": {"potential": FIT, "criteria": [
        criterion("staff", "employees", "between", [50, 500], 3), criterion("odd", "employees", "not_in", [70, 71]),
        criterion("turnover", "company_revenue", "gte", 1000000.5, 2), criterion("modest", "expected_annual", "lte", 60000),
        criterion("room", "annual_potential", "lte", 9000, 2)]},
    "cohort": {"potential": ROOM, "criteria": []},
    "margin": {"potential": FIT, "criteria": [criterion("margin", "margin_pct", "gte", -12.5)]},
    "beside": {"potential": FIT, "let_go": {"tiers": ["service", "maintenance", "growth", "key"], "min_tenure_days": 10}, "criteria": [
        criterion("margin", "margin_pct", "gte", -12.5), criterion("sites", "attributes.sites", "in", [3, 4, 7, 12], 2),
        criterion("growth", "attributes.growth", "gte", 0.125), criterion("again", "revisit_on", "not_in", ["2026-03-05", "2026-03-06"]),
        criterion("said", "annual_potential_on", "in", ["2026-02-14", "2026-02-20"])]},
}
STATED = {"fit": ("employees", "company_revenue", "annual_potential", "expected_annual"), "cohort": ("employees", "annual_potential", "annual_potential_on"),
          "margin": ("margin_pct",),
          "beside": ("margin_pct", "client_since", "annual_potential", "annual_potential_on", "revisit_on")}


def record_of(name: str, number: int, rng: Random) -> dict[str, Any]:
    say = {"employees": lambda: rng.choice((rng.randrange(0, 700), 70)), "company_revenue": lambda: rng.randrange(0, 200000000) * CENT,
           "margin_pct": lambda: rng.randrange(-4000, 4000) * CENT, "annual_potential": lambda: rng.randrange(1, 2000000) * CENT,
           "expected_annual": lambda: rng.randrange(0, 10000000) * CENT,
           "client_since": lambda: (TODAY - timedelta(rng.randrange(0, 25))).isoformat(),
           "annual_potential_on": lambda: rng.choice((f"2026-02-{rng.randrange(10, 25)}", f"2025-0{rng.choice((2, 3))}-{rng.randrange(10, 28)}")),
           "revisit_on": lambda: (TODAY + timedelta(rng.randrange(1, 10))).isoformat()}
    record: dict[str, Any] = {"name": f"A{number}", "industry": "mining"}
    for field, value in say.items():
        if field in STATED[name] and rng.random() < 0.6:
            record[field] = value()
    if name == "beside":
        record["attributes"] = {"sites": rng.randrange(1, 15), "growth": Decimal(rng.randrange(-300, 400)) / 1000}
    return record


def make(workspace: Workspace, name: str) -> dict[str, dict[str, Any]]:
    """Clients of several sizes under a review, and some who have bought nothing of late."""
    rng = Random(f"accounts {name}")
    workspace.pin(TODAY.isoformat(), **POLICIES[name])
    records = {f"a{n}": record_of(name, n, rng) for n in range(70)}
    for id_, record in records.items():
        put(workspace, [("accounts", id_, record)])
    workspace.client.import_all("revenue", [{"id": f"r{n}", "organisation": f"a{n}", "amount": 1000 + rng.randrange(0, 5000) * (1 + n % 5), "on": "2026-02-01"}
                                            for n in range(60)])
    workspace.review()
    return records


def explain(workspace: Workspace, id_: str) -> dict[str, Any]:
    return workspace.client.expect(200, "GET", path_of("accounts", id_, "/explanation"))


def outcome(explained: dict[str, Any]) -> dict[str, Any]:
    shown = explained["classification"]
    return {"tier": shown["tier"], "list": shown["list"], "let_go_candidate": explained["let_go"]["candidate"]}


def with_measure(record: dict[str, Any], measure: str, value: Any) -> dict[str, Any]:
    if measure.startswith("attributes."):
        return {**record, "attributes": {**record["attributes"], measure.removeprefix("attributes."): value}}
    return {**record, measure: value.isoformat() if isinstance(value, date) else value}


def check_book(workspace: Workspace, name: str) -> Counter[str]:
    """How often each measure of the record was named and put there."""
    named: Counter[str] = Counter()
    for id_, record in make(workspace, name).items():
        before = explain(workspace, id_)
        change = before["would_change"]
        assert not list(SCHEMAS.errors({"$ref": "#/components/schemas/Explanation"}, before)), before
        if change is None or not (change["measure"] in FIELDS or change["measure"].startswith("attributes.")):
            continue
        measure = change["measure"]
        # What was put without a day has one now: it is put again as it is shown.
        record = {**record, **({"annual_potential_on": workspace.client.record("accounts", id_)["annual_potential_on"]} if "annual_potential" in record else {})}
        now, needs = value_of(measure, change["from"]), value_of(measure, change["needs"])
        less = one_less(measure, needs, now)
        assert now != needs and change["becomes"] != outcome(before), (id_, change)
        if less != now:
            put(workspace, [("accounts", id_, with_measure(record, measure, less))])
            assert outcome(explain(workspace, id_)) == outcome(before), (id_, change, "one step less alters")
        put(workspace, [("accounts", id_, with_measure(record, measure, needs))])
        assert outcome(explain(workspace, id_)) == change["becomes"], (id_, change, "it does not become that")
        named[measure] += 1
    return named


def test_put_there_it_alters_and_one_step_less_does_not(new_workspace: Callable[..., Workspace]) -> None:
    named = sum((check_book(new_workspace(), name) for name in POLICIES), Counter())
    assert set(named) == {*FIELDS, "attributes.sites", "attributes.growth"} and sum(named.values()) > 60, named


def test_personas_count_as_they_do_in_the_fit(workspace: Workspace) -> None:
    """What its contacts are is among what the criteria find: without it, another number would be named, or none."""
    workspace.pin(TODAY.isoformat(), potential={"headroom": 0, "white_space": 0, "momentum": 0, "fit": 1}, cuts={"potential": {"score": 75}},
                  criteria=[criterion("boss", "personas", "any", ["CEO"]), criterion("staff", "employees", "gte", 10)])
    client = workspace.client
    client.store("accounts", "a", {"name": "A", "employees": 8})
    client.import_all("revenue", [{"id": id_, "organisation": id_, "amount": amount, "on": "2026-02-01"} for id_, amount in (("a", 5), ("b", 1000))])
    workspace.review()
    assert explain(workspace, "a")["would_change"]["measure"] != "employees"
    client.store("contacts", "c", {"organisation": "a", "name": "C", "persona": "ceo"})
    assert {**explain(workspace, "a")["would_change"], "becomes": None} == {"measure": "employees", "from": 8, "needs": 10, "becomes": None}


def test_many_criteria_are_answered_in_time(workspace: Workspace) -> None:
    """As many as a policy takes over every number that a record has: no matter of seconds, for others wait meanwhile."""
    criteria = [criterion(f"c{n}", FIELDS[n % 8] if FIELDS[n % 8] not in DAYS else f"attributes.n{n % 8}", "in", [n * 10 + k for k in range(20)])
                for n in range(100)]
    workspace.pin(TODAY.isoformat(), potential=FIT, criteria=criteria)
    record = {"name": "A", "employees": 500, "company_revenue": 500, "annual_potential": 500, "expected_annual": 500, "margin_pct": 50,
              "attributes": {f"n{n}": 500 for n in range(8)}}
    workspace.client.store("accounts", "a", record)
    workspace.client.store("revenue", "r", {"organisation": "a", "amount": 5, "on": "2026-02-01"})
    workspace.review()
    explain(workspace, "a")
    taken = []
    for _ in range(5):
        started = time.monotonic()
        explain(workspace, "a")
        taken.append(time.monotonic() - started)
    assert min(taken) < 1, taken


# --- against the oracle: what was found, and that nothing nearer was missed ---


class Judged:
    """One account as the oracle judges it, with a measure of its record at another value. Money in minor units, days as ordinals."""

    def __init__(self, organisation: Organisation, review: Review, facts: Facts, measured: Any) -> None:
        self.organisation, self.review, self.facts, self.measured = organisation, review, facts, measured

    def outcome(self, measure: str | None = None, value: Fraction | int = 0) -> dict[str, Any]:
        organisation = self.organisation
        if measure in FIELDS:
            organisation = replace(organisation, **{measure: date.fromordinal(int(value)) if measure in DAYS else value})
        elif measure is not None:
            organisation = replace(organisation, attributes={**organisation.attributes, measure.removeprefix("attributes."): value})
        each = rules._classify(organisation, self.measured, self.review, self.facts)
        return {"tier": each.tier, "list": each.list, "let_go_candidate": _is_candidate(self.facts, organisation, each, self.review)}

    def measures(self) -> Iterator[tuple[str, Fraction, int, Fraction]]:
        """name, present value, least, step of all that its record states."""
        for name in FIELDS:
            value = getattr(self.organisation, name)
            if value is not None:
                least = 1 if name in DAYS else -100 if name == "margin_pct" else 0
                yield name, Fraction(value.toordinal() if name in DAYS else value), least, Fraction(1, 100) if name == "margin_pct" else Fraction(1)
        if "staff" in self.organisation.attributes:
            yield "attributes.staff", Fraction(exact(self.organisation.attributes["staff"])), -1000, Fraction(1, 10)

    def zero(self, measure: str) -> int:
        return self.facts.today.toordinal() if measure in DAYS else 0


def check_found(judged: Judged, change: dict[str, Any], minor: int) -> Fraction | None:
    """What was found of the record alters, as it says, and one step less does not. @return its proportion; None: infinite"""
    measure = change["measure"]
    now, step = next((each[1], each[3]) for each in judged.measures() if each[0] == measure)
    shown = [date.fromisoformat(change[name]).toordinal() if measure in DAYS else Fraction(exact(change[name])) * (minor if measure in MONEY else 1)
             for name in ("from", "needs")]
    assert shown[0] == now, change
    assert judged.outcome(measure, shown[1]) == change["becomes"] != judged.outcome(), change
    assert judged.outcome(measure, shown[1] - step if shown[1] > now else shown[1] + step) == judged.outcome(), (change, "one step less alters")
    over = abs(now - judged.zero(measure))
    return abs(shown[1] - now) / over if over else None


def check_missed(judged: Judged, nearer_than: Fraction | None, rng: Random) -> None:
    """Values of the record that lie nearer, drawn by lot, alter nothing."""
    for measure, now, least, step in judged.measures():
        over = abs(now - judged.zero(measure))
        reach = over * nearer_than if nearer_than is not None else over * 3
        for share in [0, *(Fraction(rng.randrange(1000), 1000) for _ in range(12))]:
            for sign in (1, -1):
                value = now + sign * max(step, reach * share // step * step)
                if least <= value and abs(value - now) < reach:
                    assert judged.outcome(measure, value) == judged.outcome(), (measure, float(now), float(value), "is nearer")


@pytest.mark.parametrize("seed", [271, 272, 273, 274])
def test_what_is_found_alters_by_the_oracle_and_nothing_nearer_does(new_workspace: Callable[..., Workspace], seed: int) -> None:
    shelf = random_shelf(seed, 150)
    shelf["policy"].update({"criteria": some_criteria(seed), "potential": {"headroom": 30, "white_space": 5, "momentum": 5, "fit": 60}})
    workspace = new_workspace()
    load(workspace, shelf)
    workspace.review()
    book = Book.load(shelf)
    review, facts, rng, found = rules.review(book), Facts(book), Random(seed), 0
    measured = facts.measure(review.source)
    for organisation in facts.organisations.values():
        if organisation.kind != "account":
            continue
        shown = explain(workspace, organisation.id)
        change, judged = shown["would_change"], Judged(organisation, review, facts, measured[organisation.id])
        assert outcome(shown) == judged.outcome(), organisation.id
        if change is None or change["measure"] in FIELDS or change["measure"].startswith("attributes."):
            check_missed(judged, check_found(judged, change, 10 ** facts.book.minor_digits) if change else None, rng)
            found += change is not None
        elif change["measure"] in ("revenue_12m", "reach", "directed", "inbound", "lines_12m") and change["from"] != 0:
            check_missed(judged, abs(Fraction(exact(change["needs"])) - Fraction(exact(change["from"]))) / Fraction(exact(change["from"])), rng)
    assert found > 10, found
