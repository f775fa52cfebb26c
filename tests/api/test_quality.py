# SPDX-License-Identifier: Apache-2.0
"""What the book does not say: counted, with examples, and what it costs."""
from __future__ import annotations

import re
from urllib.parse import quote
from typing import Any, Callable

import pytest

from .client import Client
from .server import REPOSITORY, Workspace


@pytest.fixture
def book(workspace: Workspace) -> Workspace:
    """Of every gap some, of no two the same number where they could be mixed up."""
    workspace.pin("2026-03-01")
    client = workspace.client
    client.import_all("sellers", [{"id": "s1", "name": "Ada", "weekly_hours": 40, "quota": 1}, {"id": "s2", "name": "Bob"},
                                  {"id": "gone", "name": "Cy", "active": False}])
    client.import_all("accounts", [{"id": f"a{n}", "name": f"A{n}", "industry": "steel" if n > 6 else None, "employees": 10 if n > 1 else None,
                                    "seller": "s1" if n > 2 else None} for n in range(9)]
                      + [{"id": "old", "name": "Old", "industry": "steel", "employees": 5, "seller": "s1", "annual_potential": 5,
                          "annual_potential_on": "2025-03-01"},
                         {"id": "fresh", "name": "Fresh", "industry": "steel", "employees": 5, "seller": "s1", "annual_potential": 5,
                          "annual_potential_on": "2025-03-02"}, {"id": "asleep", "name": "Asleep", "status": "inactive"}])
    client.import_all("prospects", [{"id": "p1", "name": "P1", "expected_annual": 5}, {"id": "p2", "name": "P2", "industry": "steel", "employees": 7, "seller": "s2"}])
    client.import_all("contacts", [{"id": "c1", "name": "C1", "organisation": "a1", "persona": "CEO"}, {"id": "c2", "name": "C2", "organisation": "a1"},
                                   {"id": "c3", "name": "C3"}])
    client.import_all("deals", [
        {"id": "d1", "organisation": "a1", "seller": "s1", "amount": 5, "stage": "won", "opened_on": "2026-01-01", "closed_on": "2026-02-01"},
        {"id": "d2", "organisation": "a1", "seller": "s1", "amount": 5, "stage": "lost"},
        {"id": "d3", "organisation": "a1", "seller": "s1", "stage": "open"},
        {"id": "d4", "seller": "s1", "amount": 5, "stage": "won", "closed_on": "2026-02-01"}, {"id": "d5", "stage": "open", "organisation": "later"}])
    client.import_all("activities", [
        {"id": "t1", "organisation": "a1", "seller": "s1", "contact": "c1", "kind": "call", "direction": "inbound", "minutes": 5, "at": "2026-02-28T00:00:00Z"},
        {"id": "t2", "organisation": "a1", "kind": "service", "at": "2025-03-02T00:00:00Z"}, {"id": "t3", "contact": "c3", "kind": "call", "at": "2026-03-01T23:00:00Z"},
        {"id": "t4", "organisation": "a1", "kind": "call", "at": "2025-03-01T23:59:59Z"}, {"id": "t5", "organisation": "a1", "kind": "call", "at": "2026-03-02T00:00:00Z"}])
    client.import_all("revenue", [
        {"id": "r1", "organisation": "a1", "amount": 5, "margin": 5, "on": "2026-02-01", "line": "x"}, {"id": "r2", "organisation": "a1", "amount": 5, "on": "2026-02-01"},
        {"id": "r3", "organisation": "a1", "amount": -5, "on": "2026-02-01"}, {"id": "r4", "organisation": "a1", "amount": 5, "on": "2025-03-01"}])
    return workspace


WANTED: dict[str, tuple[int, int, list[str]]] = {
    "accounts.description": (0, 11, []), "accounts.industry": (7, 11, ["a0", "a1", "a2", "a3", "a4"]), "accounts.employees": (2, 11, ["a0", "a1"]),
    "accounts.seller": (2, 11, ["a0", "a2"]), "accounts.annual_potential": (1, 2, ["old"]),
    "prospects.description": (1, 3, ["later"]), "prospects.industry": (2, 3, ["later", "p1"]), "prospects.employees": (2, 3, ["later", "p1"]),
    "prospects.seller": (2, 3, ["later", "p1"]), "prospects.expected_annual": (2, 3, ["later", "p2"]),
    "contacts.organisation": (1, 3, ["c3"]), "contacts.persona": (2, 3, ["c2", "c3"]),
    "deals.organisation": (1, 5, ["d4"]), "deals.amount": (2, 5, ["d3", "d5"]), "deals.closed_on": (1, 3, ["d2"]), "deals.opened_on": (2, 3, ["d2", "d4"]),
    "deals.seller": (1, 5, ["d5"]),
    "activities.organisation": (1, 3, ["t3"]), "activities.minutes": (2, 3, ["t2", "t3"]), "activities.contact": (1, 3, ["t2"]),
    "activities.direction": (1, 2, ["t3"]), "activities.seller": (2, 3, ["t2", "t3"]),
    "revenue.line": (1, 2, ["r2"]), "revenue.margin": (2, 3, ["r2", "r3"]),
    "sellers.description": (0, 2, []), "sellers.weekly_hours": (1, 2, ["s2"]), "sellers.quota": (1, 2, ["s2"])}


def gaps(client: Client, **query: Any) -> dict[str, dict[str, Any]]:
    shown = client.expect(200, "GET", "/v1/quality", query=query)
    assert shown["day"] == "2026-03-01"
    return {f"{gap['kind']}.{gap['missing']}": gap for gap in shown["data"]}


def test_every_gap_is_counted_with_its_first_examples(book: Workspace) -> None:
    found = {name: (gap["count"], gap["of"], gap["examples"]) for name, gap in gaps(book.client).items()}
    assert found == WANTED and list(found) == list(WANTED)


def test_every_gap_says_what_it_costs(book: Workspace) -> None:
    for name, gap in gaps(book.client).items():
        assert gap["costs"], name
        assert (None if gap["share"] is None else float(gap["share"])) == (round(gap["count"] / gap["of"], 4) if gap["of"] else None), name
        bears = name in {"prospects.industry", "prospects.employees", "prospects.seller", "prospects.expected_annual", "contacts.persona",
                         "prospects.description", "deals.amount"}
        assert gap["settles"] == (0 if bears else None), "nobody is judged yet"
    told = set(re.findall(r'^\t\{"([a-z]+\.[a-z_]+)", "', (REPOSITORY / "service/http/quality_routes.c").read_text(), re.M))
    assert told == set(WANTED), "none is told that nothing counts"


@pytest.mark.parametrize("kind", ["accounts", "prospects", "contacts", "deals", "activities", "revenue", "sellers"])
def test_one_kind_alone(book: Workspace, kind: str) -> None:
    assert gaps(book.client, kind=kind) == {name: gap for name, gap in gaps(book.client).items() if name.split(".")[0] == kind}


def test_filling_a_gap_closes_it(book: Workspace) -> None:
    book.client.patch("/v1/accounts/old", {"annual_potential": 6})
    book.client.store("prospects", "later", {"name": "Later", "industry": "paper"})
    found = gaps(book.client)
    assert (found["accounts.annual_potential"]["count"], found["prospects.description"]["count"], found["prospects.industry"]["examples"]) == (0, 0, ["p1"])


def test_hidden_records_and_other_books_are_not_counted(book: Workspace, new_workspace: Any) -> None:
    book.client.delete("/v1/contacts/c3")
    assert gaps(book.client)["contacts.organisation"]["count"] == 0
    other = new_workspace()
    other.pin("2026-03-01")
    assert {(gap["count"], gap["of"], gap["share"]) for gap in gaps(other.client).values()} == {(0, 0, None)}


def test_unknown_kind_is_422(book: Workspace) -> None:
    assert book.client.get("/v1/quality", kind="reviews").status == 422


CRITERIA = {"fit_threshold": 60, "floor_annual": 500, "criteria": [
    {"id": "trade", "dimension": "market", "attribute": "industry", "op": "in", "value": ["steel"], "weight": 2, "required": True},
    {"id": "trade too", "dimension": "market", "attribute": "industry", "op": "not_in", "value": ["coal"], "weight": 1},
    {"id": "size", "dimension": "enterprise", "attribute": "attributes.machines", "op": "gte", "value": 3, "weight": 2, "required": True},
    {"id": "boss", "dimension": "persona", "attribute": "personas", "op": "any", "value": ["ceo"], "weight": 1, "required": True}]}
FULL = {"industry": "steel", "attributes": {"machines": 5}, "expected_annual": 5000}


def test_settles_what_alone_keeps_a_verdict_unknown(workspace: Workspace) -> None:
    client = workspace.client
    workspace.pin("2026-03-01", **CRITERIA)
    client.import_all("accounts", [{"id": f"a{n}", "name": f"A{n}"} for n in range(5)])
    client.import_all("revenue", [{"id": f"r{n}", "organisation": f"a{n}", "amount": 100, "on": "2026-02-01"} for n in range(5)])
    book = {"full": FULL, "no trade": {**FULL, "industry": None}, "no trade either": {**FULL, "industry": None}, "no size": {**FULL, "attributes": {}},
            "nothing": {}, "no trade, no size": {**FULL, "industry": None, "attributes": {}},
            "estimated": {**FULL, "expected_annual": None}, "estimated, no trade": {**FULL, "industry": None, "expected_annual": None},
            "no boss": FULL}
    client.import_all("prospects", [{"id": name, "name": name, **fields} for name, fields in book.items()])
    client.import_all("contacts", [{"id": f"boss of {name}", "organisation": name, "persona": "CEO"} for name in book if name != "no boss"])
    workspace.review()

    shown = client.expect(200, "GET", "/v1/quality", query={"kind": "prospects"})
    assert {each["missing"]: each["settles"] for each in shown["unknown_verdicts"]["settled_by"]} == {
        "industry": 2, "attributes.machines": 1, "personas": 1, "expected_annual": 1}
    verdicts = {each["id"]: each["qualification"]["verdict"] for each in client.pages("/v1/prospects")}
    assert shown["unknown_verdicts"]["count"] == list(verdicts.values()).count("unknown") == 8 and verdicts["full"] == "now"
    found = gaps(client)
    assert {name: found[name]["settles"] for name in ("prospects.industry", "prospects.expected_annual", "prospects.employees", "contacts.persona")} == {
        "prospects.industry": 2, "prospects.expected_annual": 1, "prospects.employees": 0, "contacts.persona": 1}

    # And it does, whatever it turns out to be.
    for name, fields, verdict in (("no trade", {"industry": "steel"}, "now"), ("no trade either", {"industry": "coal"}, "not_ours"),
                                  ("no size", {"attributes": {"machines": 1}}, "not_ours"), ("estimated", {"expected_annual": 499.99}, "throw_back")):
        client.patch(f"/v1/prospects/{quote(name)}", fields)
        assert client.record("prospects", name)["qualification"]["verdict"] == verdict
    assert client.expect(200, "GET", "/v1/quality", query={"kind": "prospects"})["unknown_verdicts"] == {
        "count": 4, "settled_by": [{"missing": "personas", "settles": 1}]}


def test_settles_by_a_deals_amount_and_by_describing_a_stub(workspace: Workspace) -> None:
    client = workspace.client
    wanted = [each for each in CRITERIA["criteria"] if each["id"] in ("trade", "boss")]
    workspace.pin("2026-03-01", floor_annual=500, criteria=[{**each, "required": each["id"] == "trade"} for each in wanted], fit_threshold=60)
    client.import_all("accounts", [{"id": f"a{n}", "name": f"A{n}"} for n in range(5)])
    client.import_all("revenue", [{"id": f"r{n}", "organisation": f"a{n}", "amount": 100, "on": "2026-02-01"} for n in range(5)])
    known = {"name": "Known", "industry": "steel"}
    client.import_all("prospects", [{"id": id_, **known} for id_ in ("by deal", "no deal", "later deal", "no boss")] + [{"id": "no trade", "name": "No trade"}])
    client.import_all("contacts", [{"id": f"boss of {id_}", "organisation": id_, "persona": "CEO"}
                                   for id_ in ("by deal", "no deal", "later deal", "no trade", "stub", "other stub")])
    client.import_all("deals", [{"id": f"deal of {id_}", "organisation": id_, "stage": "open", "opened_on": "2026-03-02" if id_ == "later deal" else "2026-02-01"}
                                for id_ in ("by deal", "later deal", "no boss", "no trade", "stub", "stub without boss")])
    workspace.review()
    found = gaps(client)
    assert {name: found[name]["settles"] for name in ("deals.amount", "prospects.description", "prospects.expected_annual")} == {
        "deals.amount": 1, "prospects.description": 2, "prospects.expected_annual": 3}
    assert found["prospects.description"]["count"] == 3, "of one nobody knows a person, which no description tells"

    # And it does.
    client.patch(f"/v1/deals/{quote('deal of by deal')}", {"amount": 5})
    assert client.record("prospects", "by deal")["qualification"]["verdict"] == "throw_back"
    client.store("prospects", "stub", {**known, "expected_annual": 5000})
    assert client.record("prospects", "stub")["qualification"]["verdict"] == "now"
    found = gaps(client)
    assert (found["deals.amount"]["settles"], found["prospects.description"]["settles"]) == (0, 1)


def test_without_criteria_they_alone_settle(book: Workspace) -> None:
    book.review()
    assert book.client.expect(200, "GET", "/v1/quality")["unknown_verdicts"] == {"count": 3, "settled_by": [{"missing": "policy.criteria", "settles": 3}]}


# --- currencies ---


def currencies(client: Client, **query: Any) -> list[tuple[str, str, int, bool]]:
    shown = client.get("/v1/quality", **query).json["currencies"]
    for each in shown:
        assert each["first_at"] <= each["last_at"] and each["costs"]
    return [(each["currency"], each["kind"], each["refused"], each["has_rate"]) for each in shown]


def test_records_refused_for_want_of_a_rate_are_counted(workspace: Workspace) -> None:
    client = workspace.client
    assert currencies(client) == []
    answer = client.put("/v1/deals/d", {"amount": 5, "currency": "USD", "stage": "nowhere"})
    assert (answer.status, sorted(answer.pointers())) == (422, ["/currency", "/stage"]), "what else is wrong is told as well"
    assert client.put("/v1/deals/d", {"amount": 5, "currency": "usd"}).status == 422
    assert client.patch("/v1/accounts/a", {"annual_potential": 5, "currency": "CHF"}).status == 422
    assert client.put("/v1/deals/d", {"amount": 5, "currency": "??"}).status == 422, "no currency at all"
    assert client.put("/v1/deals/d", {"amount": 5, "currency": "EUR", "organisation": "a"}).status == 201
    assert client.expect(200, "POST", "/v1/qualify", {"expected_annual": 5})  # judges, and takes nothing in
    client.post("/v1/qualify", {"expected_annual": 5, "currency": "SEK"})
    assert currencies(client) == [("CHF", "accounts", 1, False), ("USD", "deals", 2, False)]


def test_rows_refused_for_want_of_a_rate_are_counted_also_where_nothing_is_written(workspace: Workspace) -> None:
    client = workspace.client
    rows = "id,organisation,amount,currency,on\n" + "".join(f"r{n},a,5,{code},2026-02-01\n" for n, code in enumerate(["USD", "EUR", "USD", "GBP", "USD"]))
    report = client.import_csv("revenue", rows).json
    assert (report["received"], report["created"], report["rejected"]) == (5, 1, 4)
    assert currencies(client) == [("GBP", "revenue", 1, False), ("USD", "revenue", 3, False)]
    assert client.import_csv("revenue", rows, on_error="abort").status == 422
    assert currencies(client) == [("GBP", "revenue", 2, False), ("USD", "revenue", 6, False)]
    assert currencies(client, kind="deals") == []
    client.expect(200, "PATCH", "/v1/policy", {"rates": {"USD": 0.9}})
    workspace.wait_settled()
    assert currencies(client, kind="revenue") == [("GBP", "revenue", 2, False), ("USD", "revenue", 6, True)]
    assert client.import_csv("revenue", rows).json["rejected"] == 1


def test_what_one_workspace_was_refused_is_not_another_s(workspace: Workspace, new_workspace: Callable[..., Workspace]) -> None:
    assert workspace.client.put("/v1/deals/d", {"amount": 5, "currency": "USD"}).status == 422
    assert currencies(new_workspace().client) == []
    assert new_workspace(currency="USD").client.put("/v1/deals/d", {"amount": 5, "currency": "USD", "organisation": "a"}).status == 201
