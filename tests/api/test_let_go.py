# SPDX-License-Identifier: Apache-2.0
"""The let-go list: its head, its order, what shields from it, decisions and the ledger a year later."""
from __future__ import annotations

from decimal import Decimal
from typing import Any, Callable

import pytest

from .client import Answer, Client, path_of
from .expectation import compare_all
from .facts import book_of, review_of, reviews_of
from .samples import any_let_go, reviewed_book
from .server import Workspace


@pytest.fixture
def book(workspace: Workspace) -> Workspace:
    """Every tier may be let go, half of the clients a year: enough candidates for every case."""
    reviewed_book(workspace)
    workspace.pin("2026-03-01", let_go={"pct": 20, "tiers": ["service", "maintenance", "growth", "key"]})
    return workspace


def head(client: Client, **query: Any) -> dict[str, Any]:
    return client.expect(200, "GET", "/v1/let-go", query={"limit": 500, **query})


def accounts(client: Client, **query: Any) -> list[str]:
    return [entry["account"] for entry in head(client, **query)["data"]]


def not_because(client: Client, id_: str) -> str | None:
    """Why the explanation says it is no candidate."""
    said = client.expect(200, "GET", path_of("accounts", id_, "/explanation"))["let_go"]
    assert said["candidate"] == (said["not_because"] is None) == (id_ in accounts(client))
    return said["not_because"]


def decide(client: Client, id_: str, decision: str, **more: Any) -> Answer:
    return client.post(path_of("let-go", id_, "/decisions"), {"decision": decision, "by": "Ada", "reason": "tested", **more})


def test_head_adds_up_to_what_is_within_budget(book: Workspace) -> None:
    shown = head(book.client)
    cut = [entry for entry in shown["data"] if entry["within_budget"]]
    assert (shown["year"], shown["base"], shown["budget"], shown["used"], shown["remaining"]) == (2026, 20, 4, 0, 4)
    assert len(cut) == 4 and cut == shown["data"][:4]
    assert shown["revenue_at_stake"] == sum(entry["revenue_12m"] for entry in cut)
    assert shown["hours_freed"] == sum(entry["hours_12m"] for entry in cut)


def test_book_without_clients_has_no_figures_to_compare_with(client: Client) -> None:
    assert client.expect(200, "POST", "/v1/reviews", {}, {"Prefer": "wait=30"})["clients"] == 0
    first = head(client)
    assert (first["value_per_hour"], first["share_of_revenue"], first["data"]) == (None, None, [])


def test_entry_has_parts_reasons_and_the_smallest_change(book: Workspace) -> None:
    scores = [entry["keep_score"] for entry in head(book.client)["data"]]
    assert scores == sorted(scores)
    for rank, entry in enumerate(head(book.client)["data"], 1):
        assert entry["rank"] == rank
        assert sum(part["points"] for part in entry["components"]) == entry["keep_score"]
        assert entry["reasons"] and all(isinstance(reason, str) for reason in entry["reasons"])
        assert "would_change" in entry
        record = book.client.record("accounts", entry["account"])
        assert (entry["tier"], entry["list"], entry["seller"]) == (record["classification"]["tier"], record["classification"]["list"], record["seller"])


def test_pages_and_sellers_keep_the_ranks_of_the_whole_book(book: Workspace) -> None:
    whole = head(book.client)["data"]
    assert list(book.client.pages("/v1/let-go", limit=3)) == whole
    mine = head(book.client, seller="s-1")["data"]
    assert mine == [entry for entry in whole if entry["seller"] == "s-1"] and 0 < len(mine) < len(whole)


@pytest.mark.parametrize("shield, why", [
    ({"protected": {"reason": "x", "until": "2026-03-01"}}, "it is protected through 2026-03-01"), ({"protected": {"reason": "x", "until": "2026-02-28"}}, None),
    ({"status": "inactive"}, "it is not active"), ({"client_since": "2026-01-01"}, "it has not been a client for min_tenure_days: since 2026-01-01"),
    ({"client_since": "2020-01-01"}, None)])
def test_what_shields_an_account(book: Workspace, shield: dict[str, Any], why: str | None) -> None:
    id_ = any_let_go(book.client)
    assert book.client.patch(path_of("accounts", id_), shield).status == 200
    assert not_because(book.client, id_) == why


def test_tenure_nobody_stated_is_told_from_the_book_as_it_was_reviewed(workspace: Workspace) -> None:
    """Of two clients one is new, which the old one's first revenue shows: until the next review also when that is there no more."""
    client = workspace.client
    workspace.pin("2026-03-01", let_go={"pct": 100, "tiers": ["service", "maintenance", "growth", "key"]})
    client.store("accounts", "old", {"name": "O", "client_since": "2020-01-01"})
    client.import_all("revenue", [{"id": on, "organisation": organisation, "amount": 100, "on": on}
                                  for organisation, on in (("old", "2025-06-01"), ("old", "2026-01-05"), ("new", "2026-02-01"))])
    workspace.review()
    assert not_because(client, "old") is None
    assert not_because(client, "new") == "it has not been a client for min_tenure_days: since 2026-02-01"
    assert client.delete(path_of("revenue", "2025-06-01")).status == 204
    workspace.wait_settled()
    assert accounts(client) == ["old"]
    compare_all(workspace, book_of(workspace), review_of(workspace), reviews_of(workspace)).verify(20)
    workspace.review()
    assert sorted(accounts(client)) == ["new", "old"]
    client.store("revenue", "again", {"organisation": "old", "amount": 100, "on": "2025-06-01"})
    workspace.wait_settled()
    assert sorted(accounts(client)) == ["new", "old"]
    compare_all(workspace, book_of(workspace), review_of(workspace), reviews_of(workspace)).verify(20)


def test_review_without_revenue_makes_no_tenure_known(workspace: Workspace) -> None:
    """A tier by hand, since a book without clients gives none."""
    client = workspace.client
    workspace.pin("2026-03-01", revenue_from="revenue")
    workspace.review()
    client.store("revenue", "r", {"organisation": "new", "amount": 100, "on": "2026-02-01"})
    assert client.put(path_of("accounts", "new", "/override"), {"tier": "service", "reason": "tested"}).status == 201
    workspace.wait_settled()
    assert accounts(client) == ["new"]
    compare_all(workspace, book_of(workspace), review_of(workspace), reviews_of(workspace)).verify(10)


def test_silent_account_without_hours_is_no_candidate_and_one_with_hours_is(book: Workspace) -> None:
    assert "silent" not in accounts(book.client)
    book.client.store("activities", "more", {"organisation": "silent", "minutes": 5, "at": "2026-02-01T00:00:00Z"})
    assert "silent" in accounts(book.client)


def test_let_go_uses_the_budget_and_the_next_moves_up(book: Workspace) -> None:
    before = head(book.client)
    first = before["data"][0]["account"]
    answer = decide(book.client, first, "let_go")
    assert answer.status == 201, str(answer)
    after = head(book.client)
    assert (after["used"], after["remaining"]) == (1, 3)
    assert [entry["account"] for entry in after["data"]] == [entry["account"] for entry in before["data"][1:]]
    assert sum(entry["within_budget"] for entry in after["data"]) == 3


def test_budget_is_all_that_may_be_within_it_even_when_overspent(book: Workspace) -> None:
    for id_ in accounts(book.client)[:5]:
        assert decide(book.client, id_, "let_go").status in (201, 409)
    shown = head(book.client)
    assert shown["remaining"] == max(0, 4 - shown["used"])
    assert sum(entry["within_budget"] for entry in shown["data"]) == shown["remaining"]


def test_keep_holds_through_its_last_day(book: Workspace) -> None:
    id_ = any_let_go(book.client)
    assert decide(book.client, id_, "keep", until="2026-03-10").status == 201
    assert id_ not in accounts(book.client)
    book.pin("2026-03-10")
    assert not_because(book.client, id_) == "it was decided to keep it through 2026-03-10"
    book.pin("2026-03-11")
    assert id_ in accounts(book.client)


def test_keep_without_end_holds_keep_days(book: Workspace) -> None:
    id_ = any_let_go(book.client)
    book.pin("2026-03-01", keep_days=5)
    decide(book.client, id_, "keep")
    book.pin("2026-03-06")
    assert not_because(book.client, id_) == "it was decided to keep it through 2026-03-06"
    book.pin("2026-03-07")
    assert id_ in accounts(book.client)


def test_reassign_states_the_seller_and_reprice_the_margin(book: Workspace) -> None:
    id_ = any_let_go(book.client)
    revenue = book.client.record("accounts", id_)["measures"]["revenue_12m"]
    assert decide(book.client, id_, "reassign", seller="s-9").status == 201
    assert decide(book.client, id_, "reprice", margin_pct=50).status == 201
    shown = book.client.record("accounts", id_)
    assert (shown["seller"], shown["seller_source"], shown["margin_pct"]) == ("s-9", "given", 50)
    assert abs(shown["measures"]["margin_12m"] - Decimal(revenue) / 2) <= Decimal("0.01")


@pytest.mark.parametrize("body, pointers", [
    ({}, ["/by", "/decision", "/reason"]), ({"decision": "fire", "by": "x", "reason": "y"}, ["/decision"]),
    ({"decision": "keep", "by": "x", "reason": "y", "until": "soon", "colour": 1}, ["/colour", "/until"]),
    ({"decision": "reprice", "by": "x", "reason": "y", "margin_pct": 101, "seller": " "}, ["/margin_pct", "/seller"])])
def test_wrong_decision_is_422_naming_everything(book: Workspace, body: dict[str, Any], pointers: list[str]) -> None:
    answer = book.client.post(path_of("let-go", any_let_go(book.client), "/decisions"), body)
    assert answer.status == 422 and answer.pointers() == pointers, str(answer)


def test_decision_about_nobody_is_404(book: Workspace) -> None:
    assert decide(book.client, "nobody", "keep").status == 404


def test_decisions_are_kept_for_good_and_the_ledger_shows_what_became_of_them(book: Workspace) -> None:
    id_ = any_let_go(book.client)
    before = book.client.record("accounts", id_)["measures"]
    decide(book.client, id_, "let_go")
    book.client.store("revenue", "late", {"organisation": id_, "amount": 77, "on": "2026-02-28"})
    ledger = book.client.expect(200, "GET", "/v1/let-go/ledger", query={"year": 2026})
    entry = ledger["data"][0]
    assert (entry["account"], entry["decision"], entry["by"], entry["reason"]) == (id_, "let_go", "Ada", "tested")
    assert any(value == before["revenue_12m"] for value in _leaves(entry))
    assert any(value == before["revenue_12m"] + 77 for value in _leaves(entry))
    assert book.client.expect(200, "GET", "/v1/let-go/ledger", query={"year": 2025})["data"] == []


def _leaves(value: Any) -> list[Any]:
    return [leaf for each in value.values() for leaf in _leaves(each)] if isinstance(value, dict) else [value]


def test_fiscal_year_is_that_of_the_day(new_workspace: Callable[..., Workspace]) -> None:
    workspace = new_workspace()
    reviewed_book(workspace)
    workspace.pin("2026-03-01", fiscal_year_start="04-01")
    assert head(workspace.client)["year"] == 2025


def test_base_is_of_reviews_of_the_year_else_of_the_last_before_it(new_workspace: Callable[..., Workspace]) -> None:
    """A day that is pinned back leaves reviews of later years behind it: they say nothing of its own."""
    workspace = new_workspace()
    reviewed_book(workspace)
    for today, base in (("2025-12-31", 0), ("2026-01-01", 20), ("2026-12-31", 20), ("2027-01-01", 20)):
        workspace.pin(today)
        assert (today, head(workspace.client)["base"]) == (today, base)
        simulated = workspace.client.expect(200, "POST", "/v1/simulations", {"policy": {"let_go": {"pct": 50}}})
        assert (today, simulated["let_go"]["after"]["budget"]) == (today, base // 2)
