# SPDX-License-Identifier: Apache-2.0
"""GET /v1/reviews/preview: that it says what a review made at that instant then does, and writes nothing."""
from __future__ import annotations

from collections import Counter
from typing import Any, Callable

import pytest
from oracle.random_book import random_shelf

from .client import Client
from .samples import reviewed_book, small_book
from .server import Server, Workspace
from .shelf import Ledger, Mutator, load, merge_patch, policy_patch
from .sizes import sized_shelf
from .stands import Stand, crossings, movers, plain, stand, verdicts

PATH = "/v1/reviews/preview"
FROZEN = ("clients", "key_cutoff", "key_revenue_share", "cuts", "full", "lines_offered", "deals_per_year", "revenue_source", "momentum_window",
          "first_revenue_on", "derived_floor")
COUNTED = ("day", "policy", "could_become_key", "tiers", "lists", "verdicts", "changed")
# All of §5's ways to be judged, so that a floor or a cut-off that is read anew moves prospects.
CRITERIA = [{"id": "industry", "dimension": "market", "attribute": "industry", "op": "exists", "weight": 2},
            {"id": "size", "dimension": "enterprise", "attribute": "employees", "op": "gte", "value": 10, "weight": 1}]


def preview(client: Client, limit: int = 500) -> dict[str, Any]:
    """The answer with those who would cross from all its pages."""
    said = client.expect(200, "GET", PATH, query={"limit": 500})
    return {**said, "data": list(client.pages(PATH, limit=limit))}


def crossers(before: Stand, after: Stand) -> list[dict[str, Any]]:
    """Those whose tier, list or verdict is another, as the page shows them but for their names."""
    found = []
    for id_, now in after.items():
        was = before[id_]
        listed = was["list"] != now["list"] and (was["list"], now["list"]) != (None, "none")
        if listed or was["tier"] != now["tier"] or was["verdict"] != now["verdict"]:
            found.append({"account": id_ if now["is_account"] else None, "prospect": None if now["is_account"] else id_,
                          "seller": now["seller"], "revenue_12m": now["revenue"],
                          **{name: was[name] for name in ("list", "tier", "verdict")},
                          **{name: now[what] for name, what in (("would_be", "list"), ("would_be_tier", "tier"), ("would_be_verdict", "verdict"))}})
    return sorted(found, key=lambda each: (-each["revenue_12m"], (each["account"] or each["prospect"]).encode()))


def verify(said: dict[str, Any], review: dict[str, Any], before: Stand, after: Stand) -> None:
    for name in FROZEN + COUNTED:
        assert said[name] == review[name], name
    assert said["organisations"] == len(after) and said["key_clients"] == review["lists"]["key"]
    assert plain(said["crossings"]["tiers"]) == crossings(before, after, "tier")
    assert plain(said["crossings"]["lists"]) == crossings(before, after, "list")
    assert {(cell["from"], cell["to"]): cell["count"] for cell in said["crossings"]["verdicts"]} == verdicts(before, after)
    shown = {entry["seller"]: {name: value for name, value in entry.items() if name != "seller"} for entry in said["moved"]["by_seller"]}
    assert shown == movers(before, after)
    expected = crossers(before, after)
    assert said["total"] == len(expected)
    assert [{**each, "revenue_12m": round(each["revenue_12m"] * 100)} for each in unnamed(said["data"])] == expected


def unnamed(data: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in each.items() if name != "name"} for each in data]


def review_as_previewed(workspace: Workspace, limit: int = 500) -> dict[str, Any]:
    """Preview, make the review, and hold the two against each other; the preview."""
    before = stand(workspace)
    said = preview(workspace.client, limit)
    review = workspace.review()
    assert review["review"] == (said["review"] or 0) + 1
    verify(said, review, before, stand(workspace))
    if said["in_force"]:
        now = workspace.client.expect(200, "GET", f"/v1/reviews/{said['review']}")
        assert {name: said["in_force"][name] for name in FROZEN} == {name: now[name] for name in FROZEN}
    return said


@pytest.mark.parametrize("seed, size, limit", [(21, 60, 500), (22, 120, 7), (23, 90, 20), (24, 40, 1)])
def test_equals_what_a_review_then_does(new_workspace: Callable[..., Workspace], seed: int, size: int, limit: int) -> None:
    """Random books, overrides among the writes; the steadiness rule keeps sides that the review then judges plainly."""
    workspace = new_workspace()
    shelf = random_shelf(seed, size)
    load(workspace, shelf)
    ledger = Ledger(workspace, shelf)
    ledger.patch_policy({"criteria": CRITERIA, "fit_threshold": 50})
    assert review_as_previewed(workspace)["in_force"] is None
    mutator = Mutator(ledger, random_shelf(seed + 100, size), seed)
    seen: Counter = Counter()
    for round_ in range(4):
        mutator.run(25)
        if round_ % 2:
            ledger.patch_policy(policy_patch(seed * 10 + round_))
        said = review_as_previewed(workspace, limit)
        seen.update("account" if each["account"] else "prospect" for each in said["data"])
    assert seen["account"] > 3, seen


@pytest.mark.parametrize("seed", [1, 2])
def test_fresh_floor_moves_prospects_as_the_review_does(new_workspace: Callable[..., Workspace], seed: int) -> None:
    workspace = new_workspace()
    shelf = sized_shelf(seed, 60)
    load(workspace, shelf)
    workspace.client.expect(200, "PATCH", "/v1/policy", {"criteria": CRITERIA, "edges": []})
    workspace.wait_settled()
    workspace.client.import_all("prospects", [{"id": f"size-{n}", "industry": "steel", "employees": 50, "expected_annual": 10 ** n}
                                              for n in range(1, 8)])
    assert review_as_previewed(workspace)["derived_floor"] is None
    workspace.client.expect(200, "PATCH", "/v1/policy", {"edges": None, "acknowledge": "a test"})
    workspace.wait_settled()
    said = review_as_previewed(workspace)
    assert said["derived_floor"] is not None
    turned = {each["prospect"]: each["would_be_verdict"] for each in said["data"] if each["prospect"]}
    assert "throw_back" in turned.values(), turned


def test_source_that_the_review_changes_is_looked_ahead_to(workspace: Workspace) -> None:
    """Revenue comes from deals until the book has a revenue entry and a review sees it."""
    workspace.pin("2026-03-01")
    workspace.client.import_all("deals", [{"id": f"d{n}", "organisation": f"a{n}", "stage": "won", "amount": 100 * (n + 1), "closed_on": "2026-01-10"}
                                          for n in range(12)])
    assert review_as_previewed(workspace)["revenue_source"] == "deals"
    workspace.client.import_all("revenue", [{"id": f"r{n}", "organisation": f"a{n}", "amount": 5000 - n, "on": "2026-02-01"} for n in range(8)])
    said = review_as_previewed(workspace)
    assert (said["in_force"]["revenue_source"], said["revenue_source"]) == ("deals", "revenue")
    assert said["total"] > 4 and said["clients"] == 8


def test_policy_on_its_way_is_not_looked_ahead_to_what_is_in_force_is(workspace: Workspace) -> None:
    """Names of the policy that a review freezes act in it."""
    reviewed_book(workspace)
    workspace.pin("2026-03-01", key_pct=50)
    said = review_as_previewed(workspace)
    assert said["key_clients"] == 10 and said["in_force"]["clients"] == 20
    assert {each["would_be"] for each in said["data"] if each["list"] == "secondary"} == {"key"}


def test_right_after_a_review_nobody_crosses(workspace: Workspace) -> None:
    reviewed_book(workspace)
    said = preview(workspace.client)
    assert (said["total"], said["data"], said["changed"], said["moved"]["count"]) == (0, [], 0, 0)
    assert {name: said[name] for name in FROZEN} == {name: said["in_force"][name] for name in FROZEN}


def test_writes_nothing(workspace: Workspace) -> None:
    reviewed_book(workspace)
    workspace.client.store("revenue", "big", {"organisation": "a19", "amount": 1000000, "on": "2026-02-01"})
    tables = ("policy", "review", "change", "touched", "review_signal")
    count = lambda: [workspace.value(f"SELECT count(*) FROM {table} WHERE workspace_id = %s") for table in tables]
    digest = lambda: workspace.value("SELECT sum(hashtext(s::text || xmin::text)) FROM standing AS s WHERE workspace_id = %s")
    before, written = count(), digest()
    assert preview(workspace.client)["total"] > 0
    assert count() == before and digest() == written


def test_empty_book_has_an_answer(workspace: Workspace) -> None:
    said = preview(workspace.client)
    assert (said["organisations"], said["clients"], said["key_cutoff"], said["in_force"], said["data"]) == (0, 0, None, None, [])


def test_pages_are_one_list_whatever_their_size(workspace: Workspace) -> None:
    small_book(workspace, 30)
    whole = preview(workspace.client)
    assert whole["total"] == len(whole["data"]) == 31
    for limit in (1, 7, 30, 31):
        first = workspace.client.expect(200, "GET", PATH, query={"limit": limit})
        assert len(first["data"]) == min(limit, 31) and first["total"] == 31
        assert (first["next_cursor"] is None) == (limit >= 31)
        assert list(workspace.client.pages(PATH, limit=limit)) == whole["data"]
    shown = whole["moved"]["by_seller"]
    assert workspace.client.expect(200, "GET", PATH, query={"limit": 1})["moved"]["by_seller"] == shown[:1] and len(shown) > 1
    assert [each["name"] for each in whole["data"][:2]] == ["Account 00", "Account 01"]


def test_cursor_of_another_list_is_422(workspace: Workspace) -> None:
    small_book(workspace)
    page = workspace.client.expect(200, "GET", "/v1/accounts", query={"limit": 5})
    for cursor in (page["next_cursor"], "nonsense"):
        answer = workspace.client.call("GET", f"{PATH}?cursor={cursor}")
        assert (answer.status, answer.pointers()) == (422, ["?cursor"])


def test_book_beyond_the_memory_is_503_and_says_so(own_database: Any, new_server: Callable[..., Server]) -> None:
    workspace = Workspace(new_server(own_database, desk_bytes=1048576))
    workspace.client.import_all("accounts", [{"id": f"account-{n:06d}"} for n in range(12000)])
    answer = workspace.client.get(PATH)
    assert answer.status == 503 and "memory" in answer.json["detail"], str(answer)
    assert int(answer.headers["retry-after"]) >= 1
