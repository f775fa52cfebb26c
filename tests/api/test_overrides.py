# SPDX-License-Identifier: Apache-2.0
"""Tiers and lists set by hand: beside the computed ones, until they end, and what the history keeps of them."""
from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import Any

import pytest

from .client import Answer, Client, path_of
from .samples import reviewed_book
from .server import Workspace

HAND = {"tier": "service", "reason": "moves abroad", "until": "2026-03-10"}


@pytest.fixture
def book(workspace: Workspace) -> Workspace:
    reviewed_book(workspace)
    return workspace


def at(id_: str) -> str:
    return path_of("accounts", id_, "/override")


def put(client: Client, id_: str, actor: str | None = None, if_match: str | None = None, **body: Any) -> Answer:
    headers = {"X-Actor": actor} if actor else {}
    return client.put(at(id_), body or HAND, headers | ({"If-Match": if_match} if if_match else {}))


def override_of(client: Client, id_: str) -> Any:
    return client.record("accounts", id_)["classification"]["override"]


def history(client: Client, id_: str) -> list[dict[str, Any]]:
    return list(client.pages(path_of("accounts", id_, "/history")))


def test_override_stands_beside_the_computed_value_everywhere(book: Workspace) -> None:
    client = book.client
    before = client.record("accounts", "a03")["classification"]
    answer = put(client, "a03", actor="Ada", tier="key", list="lka", reason="their new owner", until="2026-12-31")
    assert answer.status == 201, str(answer)
    shown = {"tier": "key", "list": "lka", "reason": "their new owner", "until": "2026-12-31", "actor": "Ada"}
    assert answer.json.items() >= {"account": "a03", "day": "2026-03-01", **shown}.items()
    assert client.record("accounts", "a03")["classification"] == {**before, "override": shown}
    assert client.expect(200, "GET", path_of("accounts", "a03", "/explanation"))["classification"]["override"] == shown
    queries: list[dict[str, Any]] = [
        {}, {"sort": "name"}, {"seller": "s-2"}, {"seller": "s-2", "sort": "-revenue_12m"}, {"industry": "paper"}, {"region": "Nord"}, {"sort": "-potential"},
        {"tier": before["tier"], "sort": "-potential"}, {"q": "Account 03"}]
    for query in queries:
        found = {each["id"]: each["classification"]["override"] for each in client.pages("/v1/accounts", limit=500, **query)}
        assert found.pop("a03") == shown and set(found.values()) <= {None}, query
    lines = client.get("/v1/accounts", headers={"Accept": "application/x-ndjson"}).body.decode().splitlines()
    assert [each["classification"]["override"] for each in map(json.loads, lines) if each["id"] == "a03"] == [shown]
    rows = csv.DictReader(io.StringIO(client.get("/v1/accounts", headers={"Accept": "text/csv"}).body.decode()))
    assert {row["id"]: row["classification_override"] and json.loads(row["classification_override"]) for row in rows}["a03"] == shown
    assert client.patch("/v1/accounts/a03", {"domain": "a03.example"}).json["classification"]["override"] == shown


def test_get_put_back_and_replace(book: Workspace) -> None:
    client = book.client
    assert client.get(at("a03")).status == 404
    first = put(client, "a03")
    assert first.status == 201
    again = client.put(at("a03"), client.get(at("a03")).json)
    assert again.status == 200 and (again.json, again.etag) == (first.json, first.etag), "what is put back changes nothing"
    other = put(client, "a03", list="none", reason="merged", until="2026-04-01")
    assert other.status == 200 and (other.json["tier"], other.json["list"]) == (None, "none"), "PUT replaces"
    assert client.get(at("a03")).json == other.json
    assert [change["cause"] for change in history(client, "a03")].count("override") == 2


def test_without_until_it_ends_after_keep_days(book: Workspace) -> None:
    book.pin("2026-03-01", keep_days=30)
    assert put(book.client, "a03", tier="key", reason="x").json["until"] == "2026-03-31"


def test_etags_are_the_override_s_own_and_the_account_s_version_stays(book: Workspace) -> None:
    client = book.client
    account = client.get("/v1/accounts/a03").etag
    first = put(client, "a03").etag
    assert client.get(at("a03"), headers={"If-None-Match": first}).status == 304
    assert client.get("/v1/accounts/a03").etag != account, "what is shown is another"
    assert client.patch("/v1/accounts/a03", {"domain": "x.example"}, {"If-Match": account}).status == 200, "but the record is not"
    second = put(client, "a03", if_match=first, tier="key", reason="x", until="2026-04-01")
    assert second.status == 200
    assert put(client, "a03", if_match=first).status == 412
    assert client.delete(at("a03"), {"If-Match": first}).status == 412
    assert client.delete(at("a03"), {"If-Match": second.etag}).status == 204
    assert put(client, "a03", if_match="*").status == 412, "* is one that exists"


@pytest.mark.parametrize("body, pointers", [
    ({}, ["", "/reason"]), ({"tier": "best", "list": "target", "until": "2026-02-28", "colour": 1}, ["/colour", "/list", "/reason", "/tier", "/until"]),
    ({"tier": None, "list": None, "reason": "x"}, [""]), ({"tier": "key", "reason": " ", "until": "soon"}, ["/reason", "/until"]),
    ({"tier": 1, "list": [], "reason": 5}, ["/list", "/reason", "/tier"]), ([], [""])])
def test_wrong_override_is_422_naming_everything(book: Workspace, body: Any, pointers: list[str]) -> None:
    answer = book.client.put(at("a03"), body)
    assert answer.status == 422 and answer.pointers() == pointers, str(answer)
    assert override_of(book.client, "a03") is None


def test_nobody_prospects_and_hidden_accounts_are_404(book: Workspace) -> None:
    client = book.client
    client.store("prospects", "hope", {"name": "Hope"})
    for id_ in ("nobody", "hope"):
        assert [put(client, id_).status, client.get(at(id_)).status, client.delete(at(id_)).status] == [404] * 3, id_
    assert client.delete(at("a03")).status == 404, "nothing to withdraw"
    put(client, "a03")
    kept = client.record("accounts", "a03")
    client.delete("/v1/accounts/a03")
    assert [put(client, "a03").status, client.get(at("a03")).status, client.delete(at("a03")).status] == [404] * 3
    client.put("/v1/accounts/a03", kept)
    assert override_of(client, "a03")["reason"] == "moves abroad", "what was hidden comes back as it was"


def test_roles(book: Workspace) -> None:
    reader = book.client_for("read")
    assert put(reader, "a03").status == 403 and reader.delete(at("a03")).status == 403
    assert put(book.client_for("write"), "a03").status == 201
    assert reader.get(at("a03")).status == 200


def test_it_ends_by_itself_and_the_history_keeps_everything(book: Workspace) -> None:
    client = book.client
    put(client, "a03", actor="Ada")
    shown = override_of(client, "a03")
    book.pin("2026-03-10")
    assert override_of(client, "a03") == shown, "its last day is included"
    count = len(history(client, "a03"))
    book.pin("2026-03-11")
    assert override_of(client, "a03") is None and client.get(at("a03")).status == 404
    ended, set_ = [change for change in history(client, "a03") if change["cause"] == "override"]
    assert (ended["override"], ended["previous"]["override"], ended["actor"], ended["day"]) == (None, shown, None, "2026-03-11")
    assert (set_["override"], set_["previous"]["override"], set_["actor"], set_["day"]) == (shown, None, "Ada", "2026-03-01")
    assert set_["key"] and ended["key"] is None
    explained = client.expect(200, "GET", path_of("accounts", "a03", "/explanation"))
    for name in ("engagement", "potential"):
        assert ended[name] == explained[name]["score"]
        assert {part["name"]: part["points"] for part in explained[name]["components"]} == {
            part: points for part, points in ended["contributions"][name].items() if points is not None}
    assert len(history(client, "a03")) - count in (1, 2), "its end once, and perhaps another tier"
    assert put(client, "a03", tier="key", reason="anew", until="2026-04-01").status == 201


def test_withdrawn_is_kept_and_the_past_shows_what_stood(book: Workspace) -> None:
    client = book.client
    put(client, "a03")
    shown = override_of(client, "a03")
    assert client.delete(at("a03"), {"X-Actor": "Bob"}).status == 204
    newest = history(client, "a03")[0]
    assert (newest["cause"], newest["actor"], newest["override"], newest["previous"]["override"]) == ("override", "Bob", None, shown)
    past = client.expect(200, "GET", path_of("accounts", "a03", "/explanation"), query={"at": newest["at"]})
    assert past["classification"]["override"] == shown and past["cause"] == "override"
    assert client.expect(200, "GET", path_of("accounts", "a03", "/explanation"), query={"at": "2099-01-01T00:00:00Z"})["classification"]["override"] is None


def test_other_changes_say_which_override_stood(book: Workspace) -> None:
    client = book.client
    put(client, "a19")
    client.store("revenue", "big", {"organisation": "a19", "amount": 1000000, "on": "2026-02-01"})
    newest = history(client, "a19")[0]
    assert (newest["cause"], newest["list"], newest["override"]) == ("write", "key", override_of(client, "a19"))
    assert newest["previous"]["override"] == newest["override"]
    book.review()
    newest = history(client, "a19")[0]
    assert newest["override"] == override_of(client, "a19") == newest["previous"]["override"]


def test_erased_accounts_leave_no_override(book: Workspace) -> None:
    put(book.client, "a03")
    assert book.value("SELECT count(*) FROM override WHERE workspace_id = %s") == 1
    assert book.client.post("/v1/accounts/a03:erase").status == 204
    assert book.value("SELECT count(*) FROM override WHERE workspace_id = %s") == 0
    book.client.put("/v1/accounts/a03", {"name": "Anew"})
    assert override_of(book.client, "a03") is None


def test_tier_by_hand_counts_for_letting_go(book: Workspace) -> None:
    client = book.client
    book.pin("2026-03-01", let_go={"pct": 20, "tiers": ["service"]})
    whole = [entry["account"] for entry in client.expect(200, "GET", "/v1/let-go", query={"limit": 500})["data"]]
    gone = whole[0]
    key = next(each["id"] for each in client.pages("/v1/accounts", tier="key"))
    put(client, gone, tier="growth", reason="x", until="2026-03-10")
    put(client, key)
    entries = {entry["account"]: entry for entry in client.expect(200, "GET", "/v1/let-go", query={"limit": 500})["data"]}
    assert set(entries) == (set(whole) | {key}) - {gone}
    scores = [(entry["keep_score"], entry["revenue_12m"], entry["account"]) for entry in entries.values()]
    assert scores == sorted(scores)
    assert entries[key]["tier"] == "service" and any("by hand" in reason for reason in entries[key]["reasons"])
    explained = client.expect(200, "GET", path_of("accounts", key, "/explanation"))
    assert explained["let_go"]["candidate"] and explained["classification"]["tier"] == "key"
    assert not client.expect(200, "GET", path_of("accounts", gone, "/explanation"))["let_go"]["candidate"]
    assert list(client.pages("/v1/let-go", limit=2)) == list(entries.values())
    book.pin("2026-03-11")
    assert {entry["account"] for entry in client.expect(200, "GET", "/v1/let-go", query={"limit": 500})["data"]} >= {gone}
    assert key not in {entry["account"] for entry in client.expect(200, "GET", "/v1/let-go", query={"limit": 500})["data"]}


def test_tier_by_hand_of_an_account_without_every_score_still_has_a_keep_score(book: Workspace) -> None:
    """Nobody has any reach, so that with all weight on it engagement is null, and the tier: it counts as 0, the rest as it is."""
    client = book.client
    book.pin("2026-03-01", engagement={"reach": 1, "initiative": 0, "rhythm": 0, "orders": 0, "breadth": 0})
    for id_ in ("a10", "silent"):
        put(client, id_)
    client.store("activities", "more", {"organisation": "silent", "minutes": 5, "at": "2026-02-01T00:00:00Z"})
    entries = client.expect(200, "GET", "/v1/let-go")["data"]
    assert [entry["account"] for entry in entries] == ["silent", "a10"]
    for entry in entries:
        explained = client.expect(200, "GET", path_of("accounts", entry["account"], "/explanation"))
        shown = explained["classification"]
        assert (shown["tier"], shown["engagement"]) == (None, None)
        points = {part["name"]: part["points"] for part in entry["components"]}
        assert points["engagement"] == 0 and abs(points["potential"] - shown["potential"] * 4 / 10) <= Decimal("0.005")
        value = 40 * explained["measures"]["contribution_12m"] / explained["list"]["key_cutoff"]
        assert abs(points["value"] - min(value, 40)) <= Decimal("0.005")
        assert entry["keep_score"] == sum(points.values()) == explained["let_go"]["keep_score"]
        assert entry["components"] == explained["let_go"]["components"]
    assert entries[1]["keep_score"] > 0
