# SPDX-License-Identifier: Apache-2.0
"""GET /v1/pipeline, and the guard: when the pipeline is lean, no policy lets anybody in without a reason."""
from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from .client import Client
from .server import Workspace

TODAY = "2026-03-15"
CRITERIA = [{"id": "industry", "dimension": "market", "attribute": "industry", "op": "in", "value": ["steel"], "weight": 3, "required": True}]
WIDER = [{**CRITERIA[0], "value": ["steel", "paper"]}]


def book(workspace: Workspace, quota: int = 1_000_000, **policy: Any) -> Client:
    """A book whose win rate is 1 in 4: two sellers, a client, prospects that are ours (now), not ours, and to be thrown back."""
    workspace.pin(TODAY, **{"criteria": CRITERIA, "floor_annual": 10_000, **policy})
    client = workspace.client
    client.import_all("sellers", [{"id": "s-1", "name": "Ada", "quota": quota // 2}, {"id": "s-2", "name": "Bob", "quota": quota - quota // 2},
                                  {"id": "gone", "name": "Cy", "quota": 500_000, "active": False}])
    client.import_all("accounts", [{"id": "client", "name": "Client", "industry": "steel", "seller": "s-1"},
                                   {"id": "old", "name": "Old", "status": "inactive"}])
    client.import_all("prospects", [
        {"id": "ours", "name": "Ours", "industry": "steel", "seller": "s-2", "expected_annual": 90_000},
        {"id": "alien", "name": "Alien", "industry": "paper", "seller": "s-2", "expected_annual": 90_000},
        {"id": "alien-2", "name": "Alien 2", "industry": "paper", "seller": "s-1", "expected_annual": 90_000},
        {"id": "small", "name": "Small", "industry": "steel", "expected_annual": 500}])
    closed = [{"id": f"c{n}", "organisation": "client", "seller": "s-1", "amount": 1000, "stage": "won" if n == 0 else "lost",
               "opened_on": "2025-11-01", "closed_on": "2026-01-15"} for n in range(4)]
    won = {"id": "last-year", "organisation": "client", "seller": "s-1", "amount": 70_000, "stage": "won", "closed_on": "2023-12-30"}
    opened = [{"id": f"o-{name}", "organisation": name, "seller": seller, "amount": amount, "stage": "open", "opened_on": "2026-01-01"}
              for name, seller, amount in (("client", "s-1", 300_000), ("ours", "s-2", 200_000), ("alien", "s-2", 120_000),
                                           ("old", "s-1", 40_000), ("small", None, 400))]
    loose = {"id": "loose", "amount": 5_000, "stage": "open", "opened_on": "2026-02-01"}
    future = {"id": "future", "organisation": "client", "amount": 999_000, "stage": "open", "opened_on": "2026-03-16"}
    client.import_all("deals", [*closed, won, *opened, loose, future])
    client.import_all("activities", [{"id": "t", "organisation": "client", "seller": "s-1", "minutes": 600, "kind": "visit",
                                      "at": "2026-02-01T10:00:00Z"}])
    workspace.review()
    return client


def test_figures_are_those_of_the_deals(workspace: Workspace) -> None:
    client = book(workspace)
    assert client.record("prospects", "small")["qualification"]["verdict"] == "throw_back"
    said = client.expect(200, "GET", "/v1/pipeline")
    assert (said["day"], said["fiscal_year_start"]) == (TODAY, "2026-01-01")
    assert (said["quota"], said["won"], said["left"], said["counted"]) == (1_000_000, 1_000, 999_000, 500_000)
    assert (said["coverage"], said["needed"], said["lean"]) == (Decimal("0.5005"), 4, True)
    assert (said["open"], said["outside"], said["without_organisation"]) == (660_400, 120_400, 5_000)
    assert said["outside_share"] == Decimal("0.1823")
    sellers = {each["seller"]: each for each in said["sellers"]}
    assert set(sellers) == {"s-1", "s-2", None}
    assert (sellers["s-1"]["counted"], sellers["s-1"]["won"], sellers["s-1"]["open"], sellers["s-1"]["outside"]) == (300_000, 1_000, 340_000, 0)
    assert (sellers["s-2"]["quota"], sellers["s-2"]["counted"], sellers["s-2"]["outside_share"]) == (500_000, 200_000, Decimal("0.375"))
    assert (sellers[None]["quota"], sellers[None]["coverage"], sellers[None]["lean"]) == (0, None, False)


def test_correction_of_a_won_deal_is_not_won(workspace: Workspace) -> None:
    """As revenue from deals has it; what was never sold is no deal of its own for the win rate, and nothing open."""
    client = book(workspace)
    before = client.expect(200, "GET", "/v1/pipeline")
    client.store("deals", "credit", {"organisation": "client", "seller": "s-1", "amount": -400, "stage": "won", "closed_on": "2026-01-20"})
    client.store("deals", "odd", {"organisation": "client", "seller": "s-3", "amount": -50, "stage": "open", "opened_on": "2026-01-20"})
    after = client.expect(200, "GET", "/v1/pipeline")
    changed = {name: after[name] for name in after if after[name] != before[name] and name != "sellers"}
    assert changed == {"won": 600, "left": 999_400, "coverage": Decimal("0.5003")}
    assert [each["won"] for each in after["sellers"]] == [600, 0, 0]


def test_domain_example_is_lean(workspace: Workspace) -> None:
    """3 M against 1 M left at 25 % is 3.0, needed 4.0, lean; with 4 M it is not."""
    client = book(workspace, 1_001_000)
    client.store("deals", "more", {"organisation": "client", "amount": 2_500_000, "stage": "open", "opened_on": "2026-01-01"})
    said = client.expect(200, "GET", "/v1/pipeline")
    assert (said["left"], said["counted"], said["coverage"], said["needed"], said["lean"]) == (1_000_000, 3_000_000, 3, 4, True)
    client.store("deals", "yet-more", {"organisation": "client", "amount": 1_000_000, "stage": "open", "opened_on": "2026-01-01"})
    said = client.expect(200, "GET", "/v1/pipeline")
    assert (said["coverage"], said["lean"]) == (4, False)


@pytest.mark.parametrize("quota, spoil", [(0, None), (1_000, None), (1_000_000, "never won")])
def test_without_quota_or_something_left_or_won_it_is_never_lean(workspace: Workspace, quota: int, spoil: str | None) -> None:
    client = book(workspace, quota)
    if spoil:
        for number in range(4):
            client.delete(f"/v1/deals/c{number}")
    said = client.expect(200, "GET", "/v1/pipeline")
    assert said["lean"] is False
    assert (said["coverage"] is None) == (spoil is None)
    assert (said["needed"] is None) == (spoil is not None)
    assert (said["left"] is None) == (quota == 0)
    client.expect(200, "PATCH", "/v1/policy", {"criteria": WIDER})


def test_empty_book_has_an_answer(client: Client) -> None:
    said = client.expect(200, "GET", "/v1/pipeline")
    assert (said["sellers"], said["months"], said["coverage"], said["needed"], said["lean"]) == ([], [], None, None, False)


def test_month_is_kept_when_the_day_leaves_it(workspace: Workspace) -> None:
    client = book(workspace)
    workspace.pin("2026-03-31")
    assert client.expect(200, "GET", "/v1/pipeline")["months"] == []
    workspace.pin("2026-04-02")
    kept = client.expect(200, "GET", "/v1/pipeline")["months"]
    assert [(each["month"], each["open"], each["outside"]) for each in kept] == [("2026-03-01", 1_659_400, 120_400)]
    client.delete("/v1/deals/o-alien")
    workspace.pin("2026-06-01")
    kept = client.expect(200, "GET", "/v1/pipeline")["months"]
    assert [(each["month"], each["outside"]) for each in kept] == [("2026-04-01", 400), ("2026-03-01", 120_400)]
    own = client.expect(200, "GET", "/v1/pipeline", query={"seller": "s-2"})["months"]
    assert [(each["month"], each["open"], each["outside_share"]) for each in own] == [("2026-04-01", 200_000, 0), ("2026-03-01", 320_000, Decimal("0.375"))]
    workspace.pin("2026-03-20")  # back, and the month's end passes again
    workspace.pin("2026-04-01")
    assert client.expect(200, "GET", "/v1/pipeline")["months"][-1]["outside"] == 400


# --- the guard ---


def refused(client: Client, method: str, path: str, body: Any) -> dict[str, Any]:
    answer = client.call(method, path, body)
    assert answer.status == 409, str(answer)
    (error,) = answer.json["errors"]
    assert error["pointer"] == "/acknowledge"
    return error["let_in"]


LOOSER = [{"criteria": WIDER}, {"criteria": [{**CRITERIA[0], "required": False}], "fit_threshold": 0}, {"floor_annual": 100},
          {"criteria": [], "floor_annual": None}]


@pytest.mark.parametrize("patch", LOOSER, ids=["wider", "not required", "lower floor", "no criteria"])
def test_loosening_while_lean_is_refused_with_whom_it_lets_in(workspace: Workspace, patch: dict[str, Any]) -> None:
    client = book(workspace)
    said = client.expect(200, "POST", "/v1/simulations", {"policy": patch})
    assert said["let_in"]["count"] > 0
    version = client.expect(200, "GET", "/v1/policy")["version"]
    assert refused(client, "PATCH", "/v1/policy", patch) == said["let_in"]
    assert client.expect(200, "GET", "/v1/policy")["version"] == version


def test_whom_it_lets_in_is_named(workspace: Workspace) -> None:
    client = book(workspace)
    let_in = refused(client, "PATCH", "/v1/policy", {"criteria": WIDER})
    assert (let_in["count"], let_in["hours_12m"]) == (2, 20)
    assert let_in["data"] == [{"prospect": "alien", "name": "Alien", "seller": "s-2", "from": "not_ours", "to": "now"},
                              {"prospect": "alien-2", "name": "Alien 2", "seller": "s-1", "from": "not_ours", "to": "now"}]


def test_only_the_first_criteria_of_a_book_never_loosen(workspace: Workspace) -> None:
    """Taking them away is acknowledged; what comes back then is compared with how prospects stand without any."""
    client = book(workspace)
    workspace.pin(TODAY, criteria=[])
    assert client.record("prospects", "alien")["qualification"]["verdict"] == "unknown"
    let_in = refused(client, "PATCH", "/v1/policy", {"criteria": WIDER})
    assert {(each["prospect"], each["from"], each["to"]) for each in let_in["data"]} >= {("alien", "unknown", "now")}


def test_put_and_reinstate_are_guarded_too(workspace: Workspace) -> None:
    client = book(workspace)
    whole = client.expect(200, "GET", "/v1/policy")
    refused(client, "PUT", "/v1/policy", {**whole, "criteria": WIDER})
    refused(client, "PUT", "/v1/policy", {"today": TODAY})
    version = whole["version"]
    workspace.pin(TODAY, floor_annual=20_000)  # narrower
    refused(client, "POST", f"/v1/policy/versions/{version - 1}:reinstate", {})


def test_acknowledged_it_passes_and_is_on_record(workspace: Workspace) -> None:
    client = book(workspace)
    shown = client.expect(200, "PATCH", "/v1/policy", {"criteria": WIDER, "acknowledge": "the paper trade is booming"}, {"X-Actor": "dana"})
    assert (shown["acknowledged"], shown["let_in"], shown["actor"]) == ("the paper trade is booming", 2, "dana")
    listed = client.expect(200, "GET", "/v1/policy/versions")["data"][0]
    assert (listed["acknowledged"], listed["let_in"]) == ("the paper trade is booming", 2)
    workspace.wait_settled()
    assert client.record("prospects", "alien")["qualification"]["verdict"] == "now"
    back = client.expect(200, "PATCH", "/v1/policy", {"criteria": CRITERIA})
    assert (back["acknowledged"], back["let_in"]) == (None, None)
    workspace.wait_settled()
    answer = client.expect(200, "POST", f"/v1/policy/versions/{shown['version']}:reinstate", {}, query={"acknowledge": "still is"})
    assert (answer["acknowledged"], answer["let_in"]) == ("still is", 2)
    client.expect(200, "PATCH", "/v1/policy", {"criteria": CRITERIA})
    workspace.wait_settled()
    answer = client.expect(200, "POST", f"/v1/policy/versions/{shown['version']}:reinstate", {"acknowledge": "and still"})
    assert (answer["acknowledged"], answer["let_in"]) == ("and still", 2)


def test_what_lets_nobody_in_passes_while_lean(workspace: Workspace) -> None:
    client = book(workspace)
    for patch in ({"hour_cost": 45}, {"criteria": [{**CRITERIA[0], "value": ["nothing"]}]}, {"fit_threshold": 100}, {"floor_annual": 80_000}):
        shown = client.expect(200, "PATCH", "/v1/policy", {**patch, "acknowledge": "not needed"})
        assert (shown["acknowledged"], shown["let_in"]) == (None, None), patch
        workspace.wait_settled()


def test_first_criteria_never_loosen(workspace: Workspace) -> None:
    client = book(workspace, criteria=[], floor_annual=None)
    assert client.expect(200, "GET", "/v1/pipeline")["lean"] is True
    assert client.record("prospects", "alien")["qualification"]["verdict"] == "unknown"
    client.expect(200, "PATCH", "/v1/policy", {"criteria": WIDER})
    workspace.wait_settled()
    assert client.record("prospects", "alien")["qualification"]["verdict"] == "now"


@pytest.mark.parametrize("reason", ["", " ", 5, "x" * 1001, "a\nb"])
def test_reason_must_be_one(client: Client, reason: Any) -> None:
    answer = client.patch("/v1/policy", {"hour_cost": 1, "acknowledge": reason})
    assert (answer.status, answer.pointers()) == (422, ["/acknowledge"])


def test_same_base_is_asked_for(workspace: Workspace) -> None:
    client = book(workspace)
    etag = client.get("/v1/policy").etag
    answer = client.patch("/v1/policy", {"criteria": WIDER, "acknowledge": "yes"}, {"If-Match": etag})
    assert answer.status == 200, str(answer)
    assert client.patch("/v1/policy", {"criteria": CRITERIA}, {"If-Match": etag}).status == 412
