# SPDX-License-Identifier: Apache-2.0
"""Explanations and history: parts that add up, every change with its cause, and the past as it was."""
from __future__ import annotations

import json
from typing import Any, Iterator

import pytest

from .client import Client, path_of
from .samples import any_let_go, reviewed_book
from .server import Workspace, wait_for


@pytest.fixture
def book(workspace: Workspace) -> Workspace:
    reviewed_book(workspace)
    return workspace


def explain(client: Client, id_: str, **query: Any) -> dict[str, Any]:
    return client.expect(200, "GET", path_of("accounts", id_, "/explanation"), query=query)


def history(client: Client, id_: str) -> list[dict[str, Any]]:
    return list(client.pages(path_of("accounts", id_, "/history"), limit=2))


def test_points_add_up_to_both_scores_of_every_account(book: Workspace) -> None:
    for item in list(book.client.pages("/v1/accounts", limit=500)):
        shown = explain(book.client, item["id"])
        for name in ("engagement", "potential"):
            parts = shown[name]["components"]
            assert sum(part["points"] for part in parts) == item["classification"][name], (item["id"], name)
            assert all(0 <= part["share"] <= 1 and part["weight"] > 0 for part in parts)


def test_unavailable_components_are_named(book: Workspace) -> None:
    text = str(explain(book.client, "a00"))
    assert "reach" in text and "not recorded here" in text


def test_sides_are_those_of_the_scores_also_where_there_is_no_tier(book: Workspace) -> None:
    for item in list(book.client.pages("/v1/accounts", limit=500)):
        sides = [explain(book.client, item["id"])[name]["side"] for name in ("engagement", "potential")]
        tier = {("high", "high"): "key", ("high", "low"): "maintenance", ("low", "high"): "growth", ("low", "low"): "service"}[tuple(sides)]
        assert item["classification"]["tier"] == tier
        if tier in ("key", "maintenance"):
            book.client.patch(path_of("accounts", item["id"]), {"status": "inactive"})
            assert explain(book.client, item["id"])["engagement"]["side"] == "high"


def test_would_change_states_a_change_that_does_change(book: Workspace) -> None:
    assert "would_change" in explain(book.client, "a10")


def test_changes_are_newest_first_with_cause_and_key(book: Workspace) -> None:
    before = book.client.record("accounts", "a19")["classification"]
    book.client.put("/v1/revenue/big", {"organisation": "a19", "amount": 1000000, "on": "2026-02-01"}, {"X-Actor": "Ada"})
    after = book.client.record("accounts", "a19")["classification"]
    changes = history(book.client, "a19")
    assert len(changes) >= 2
    newest, first = changes[0], changes[-1]
    assert (newest["list"], newest["tier"]) == (after["list"], after["tier"]) == ("key", after["tier"])
    assert newest["cause"] == "write" and newest["actor"] == "Ada" and newest["key"]
    assert changes[1]["list"] == before["list"] == "secondary"
    assert changes[1]["cause"] == "review"
    assert first["at"] <= newest["at"]


def test_write_that_changes_nothing_that_is_kept_leaves_no_change(book: Workspace) -> None:
    count = len(history(book.client, "a00"))
    book.client.patch("/v1/accounts/a00", {"domain": "a00.example"})
    assert len(history(book.client, "a00")) == count


def test_import_makes_at_most_one_change_per_organisation(book: Workspace) -> None:
    count = len(history(book.client, "a19"))
    book.client.import_all("revenue", [{"id": f"n{n}", "organisation": "a19", "amount": 100000 * (n + 1), "on": "2026-02-01"} for n in range(50)])
    changes = history(book.client, "a19")
    assert len(changes) == count + 1 and changes[0]["cause"] == "import"


def test_explanation_at_an_instant_shows_the_change_before_it(book: Workspace) -> None:
    before = explain(book.client, "a19")
    middle = history(book.client, "a19")[0]["at"]
    book.client.store("revenue", "big", {"organisation": "a19", "amount": 1000000, "on": "2026-02-01"})
    newest = history(book.client, "a19")[0]["at"]
    assert newest > middle
    past = explain(book.client, "a19", at=newest)
    assert past["classification"]["list"] == "secondary" and "recorded_at" in past
    assert past["engagement"]["components"][0]["points"] == before["engagement"]["components"][0]["points"]
    assert explain(book.client, "a19", at="2099-01-01T00:00:00Z")["classification"]["list"] == "key"
    assert book.client.get(path_of("accounts", "a19", "/explanation"), at="2000-01-01T00:00:00Z").status == 404


def test_policy_refresh_review_and_decision_are_told_apart(book: Workspace) -> None:
    id_ = any_let_go(book.client)
    book.pin("2026-03-01", engagement={"orders": 1, "breadth": 90})
    book.pin("2026-12-01")
    book.review()
    book.client.post(path_of("let-go", id_, "/decisions"), {"decision": "let_go", "by": "Ada", "reason": "x"})
    causes = {row[0] for row in book.sql("SELECT DISTINCT cause FROM change WHERE workspace_id = %s")}
    assert {"review", "policy", "decision"} <= causes
    assert history(book.client, id_)[0]["cause"] == "decision"
    assert history(book.client, id_)[0]["status"] == "let_go"


def test_what_a_policy_or_a_review_changes_names_who_made_it(book: Workspace) -> None:
    """Key and actor, as of every other change: and of a policy its version, as of a review its number."""
    client = book.client
    key = book.value("SELECT id FROM api_key WHERE workspace_id = %s AND role = 'admin'")
    shown = client.expect(200, "PATCH", "/v1/policy", {"engagement": {"orders": 1, "breadth": 90}}, {"X-Actor": "dana", "Prefer": "wait=30"})
    book.wait_settled()
    moved = book.value("SELECT organisation FROM change WHERE workspace_id = %s AND cause = 'policy' LIMIT 1")
    line = history(client, moved)[0]
    assert (line["cause"], line["reference"], line["key"], line["actor"]) == ("policy", str(shown["version"]), key, "dana")
    then = explain(client, moved, at="2099-01-01T00:00:00Z")
    assert (then["cause"], then["reference"], then["key"], then["actor"]) == ("policy", str(shown["version"]), key, "dana")
    made = client.expect(200, "POST", "/v1/reviews", {}, {"X-Actor": "kim", "Prefer": "wait=30"})
    moved = book.value("SELECT organisation FROM change WHERE workspace_id = %s AND cause = 'review' AND review = %s LIMIT 1", made["review"])
    line = history(client, moved)[0]
    assert (line["cause"], line["reference"], line["key"], line["actor"]) == ("review", str(made["review"]), key, "kim")


def padding(first: int, count: int = 1500) -> list[dict[str, Any]]:
    """Entries that change nothing, enough to part what stands around them into transactions of their own."""
    return [{"id": f"p{n}", "organisation": "a00", "amount": 0, "on": "2020-01-01"} for n in range(first, first + count)]


@pytest.mark.parametrize("headers, query", [({}, {}), ({"Idempotency-Key": "one"}, {}), ({}, {"on_error": "abort"})])
def test_import_of_many_transactions_makes_one_change_an_organisation(book: Workspace, headers: dict[str, str], query: dict[str, str]) -> None:
    client = book.client
    count = {id_: len(history(client, id_)) for id_ in ("silent", "a19", "a18")}

    def entry(id_: str, organisation: str, amount: int) -> dict[str, Any]:
        return {"id": id_, "organisation": organisation, "amount": amount, "on": "2026-02-01"}

    rows = [entry("s1", "silent", 1), entry("b1", "a19", 1_000_000), entry("c1", "a18", 1_000_000), *padding(0, 2200),
            entry("s2", "silent", 1_000_000), entry("b2", "a19", -1_000_000), *padding(2200, 2200), entry("s3", "silent", -1_000_000)]
    answer = client.import_rows("revenue", rows, headers=headers, **query)
    assert answer.status == 200 and answer.json["rejected"] == 0, str(answer)
    changes = history(client, "silent")
    assert len(changes) == count["silent"] + 1
    assert (changes[0]["cause"], changes[0]["previous"]["list"], changes[0]["list"]) == ("import", "lka", "secondary")
    assert changes[0]["previous"]["tier"] == changes[1]["tier"]
    newest = history(client, "a18")[0]
    assert (newest["cause"], newest["list"], newest["reference"]) == ("import", "key", changes[0]["reference"])
    assert book.value("SELECT count(*) FROM change WHERE workspace_id = %s AND cause = 'import' AND organisation = 'a19'"
                      " AND (list, tier) IS NOT DISTINCT FROM (previous_list, previous_tier)") == 0
    assert len(history(client, "a19")) <= count["a19"] + 1
    again = client.import_rows("revenue", [entry("c1", "a18", 0)])
    assert again.status == 200 and len(history(client, "a18")) == count["a18"] + 2
    assert history(client, "a18")[0]["reference"] != newest["reference"]


def test_change_of_another_cause_parts_those_of_an_import(book: Workspace) -> None:
    """What stood between is not leapt over: the history goes on from change to change."""
    client = book.client

    def rows() -> Iterator[bytes]:
        yield b'{"id": "s1", "organisation": "silent", "amount": 1, "on": "2026-02-01"}\n'
        for part in (0, 2500):
            yield b"".join(json.dumps(row).encode() + b"\n" for row in padding(part, 2500))
            if part == 0:
                wait_for(lambda: client.twin().record("accounts", "silent")["classification"]["list"] == "secondary", 20, "the first part")
                client.twin().patch("/v1/accounts/silent", {"status": "inactive"})
                client.twin().patch("/v1/accounts/silent", {"status": "active"})
        yield b'{"id": "s2", "organisation": "silent", "amount": 1000000, "on": "2026-02-01"}\n'

    before = len(history(client.twin(), "silent"))
    assert client.post("/v1/revenue:import", rows(), {"Content-Type": "application/x-ndjson"}).status == 200
    changes = history(client, "silent")[:-before][::-1]
    assert [change["cause"] for change in changes] == ["import", "write", "write", "import"]
    assert [change["list"] for change in changes] == ["secondary", "none", "secondary", "key"]
    assert [change["previous"]["list"] for change in changes] == ["lka", "secondary", "none", "secondary"]


def test_history_of_nobody_is_404(book: Workspace) -> None:
    assert book.client.get("/v1/accounts/nobody/history").status == 404
    assert book.client.get("/v1/accounts/nobody/explanation").status == 404
